import { openRecording } from '../../src/engine/recording/open-recording.ts';

/** `open-recording FILE`: opens it, makes the first picture, then looks into its middle; prints the cost as JSON. */
const path = process.argv[2] ?? '';
const start = performance.now();
const before = process.cpuUsage();
const opened = openRecording(path);
if (!opened.ok) throw new Error(opened.problem.message);
const recording = opened.value;
const overview = recording.overview(recording.span, 1400);
const pictureMs = performance.now() - start;
const { user, system } = process.cpuUsage(before);

const middleMs = (recording.span.fromMs + recording.span.toMs) / 2;
const zoomStart = performance.now();
recording.overview({ fromMs: middleMs, toMs: middleMs + 600_000 }, 1400);
const zoomMs = performance.now() - zoomStart;
const frameStart = performance.now();
const frames = [...recording.frames({ fromMs: middleMs, toMs: middleMs + 1000 })].length;
const rows = recording.entities({ fromMs: middleMs, toMs: middleMs + 1000 }).size;
const frameMs = performance.now() - frameStart;
console.log(
  JSON.stringify({
    pictureMs,
    pictureCpuMs: (user + system) / 1000,
    zoomMs,
    frameMs,
    frames,
    rows,
    buckets: overview.bucketCount,
    samples: overview.sampleCounts.reduce((sum, count) => sum + count, 0),
    spanMs: recording.span.toMs - recording.span.fromMs,
    problems: recording.problems().length,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
recording.close();
