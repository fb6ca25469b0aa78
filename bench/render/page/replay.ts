import { mount } from 'svelte';
import { coreRows } from '../../../src/renderer/charts/core-rows.ts';
import { createTimeline } from '../../../src/renderer/charts/timeline.ts';
import { History } from '../../../src/renderer/drawing/history.ts';
import { laneIds } from '../../../src/renderer/drawing/protocol.ts';
import { blockSize } from '../../../src/renderer/drawing/sample-times.ts';
import { startDrawingWorker } from '../../../src/renderer/lib/drawing-worker.ts';
import { ExperimentState } from '../../../src/renderer/state/experiment.svelte.ts';
import { LiveState } from '../../../src/renderer/state/live.svelte.ts';
import TreePanel from '../../../src/renderer/views/tree/TreePanel.svelte';
import '../../../src/renderer/theme.css';

/** The timeline above the table, with all that the page keeps of what it has seen: the app's live view. */
export function showReplay(
  host: HTMLElement,
  cores: number,
  samplesPort: Promise<MessagePort>,
): { readonly historyGrowth: (hours: number) => number } {
  document.documentElement.dataset['theme'] = 'dark';
  Object.assign(host.style, { display: 'grid', gridTemplateRows: '1fr 1fr' });
  const stage = host.appendChild(document.createElement('div'));
  const below = host.appendChild(document.createElement('div'));
  Object.assign(below.style, { display: 'grid', minHeight: '0' });
  const live = new LiveState();
  const drawing = startDrawingWorker({
    onFrames: (buffers) => live.receiveFrames(buffers, []),
    onEntities: (message) => live.receiveEntities(message),
    onTopology: (topology) => (live.topology = topology),
    onProblem: ({ message }) => console.error(message),
  });
  createTimeline({
    host: stage,
    worker: drawing.worker,
    theme: 'dark',
    rows: coreRows(null, cores),
    lanes: laneIds,
  });
  mount(TreePanel, {
    target: below,
    props: { live, experiment: new ExperimentState(), onCopy: () => Promise.resolve(null) },
  });
  void samplesPort.then((port) => drawing.attachSamples(port));
  return { historyGrowth: (hours) => historyGrowth(cores, hours) };
}

/** What the blocks of the drawing worker's history take that are written after the first hour, 24 h at most. */
function historyGrowth(cores: number, hours: number): number {
  const samples = 36_000;
  const bytesOf = (blocks: number): number => History.ofCores(cores, { samples, blocks }).byteLength;
  const dayMore = bytesOf((24 * samples) / blockSize) - bytesOf(samples / blockSize);
  return (dayMore * Math.min(23, hours - 1)) / 23;
}
