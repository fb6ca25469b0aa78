import type { Recording } from '../../engine/recording/open-recording.ts';
import type { RecordedEntity } from '../../shared/recording.ts';
import type { RecordedProcess, RecordedProcesses, RecordingSpan } from '../../shared/recordings-requests.ts';

const columns = ['atMs', 'cpuMs', 'rssBytes', 'pssBytes'];

/** What is read for one table: a few tenths of a second, of few processes by frames and of many by their bytes. */
const mostFrames = 6000;
const mostFrameBytes = 12 * 1024 * 1024;

/** A longer span is read at so many places of equal length, evenly spread over it; at fewer where each is dear. */
const mostPlaces = 60;

/** What is gone through before a place, from the key block on, on average. */
const leadMs = 5000;

/** Rows that a table is given; the busiest ones. */
const mostProcesses = 2000;

interface Use {
  firstCpuMs: number;
  lastCpuMs: number;
  peakRssBytes: number;
  peakPssBytes: number;
}

/** Which processes there were in a span, and what each of them used of it. Parents before their children. */
export function processesOf(recording: Recording, span: RecordingSpan): RecordedProcesses {
  const entities = recording.entities(span);
  const uses = new Map<number, Use>();
  const everyMs = recording.manifest?.requestedEveryMs ?? 100;
  const spanStartUnixMs = (recording.manifest?.startedUnixMs ?? Number.NaN) + span.fromMs;
  const parts = partsOf(span, everyMs, recording.frameBytes([span]));
  const isThinned = parts.length > 1;
  let samples = 0;
  for (const part of parts) {
    for (const frame of recording.frames({ ...part, columns })) {
      samples += 1;
      frame.keys.forEach((key, row) => {
        const entity = entities.get(key);
        if (entity?.kind !== 'process') return;
        const use = uses.get(key) ?? unused(entity, spanStartUnixMs);
        uses.set(key, use);
        const cpuMs = frame.cpuMs[row] ?? Number.NaN;
        if (Number.isNaN(use.firstCpuMs)) use.firstCpuMs = cpuMs;
        if (!Number.isNaN(cpuMs)) use.lastCpuMs = cpuMs;
        use.peakRssBytes = larger(use.peakRssBytes, frame.rssBytes[row] ?? Number.NaN);
        use.peakPssBytes = larger(use.peakPssBytes, frame.pssBytes[row] ?? Number.NaN);
      });
    }
  }
  const processes = [...entities.values()].flatMap((entity) => {
    const use = uses.get(entity.key);
    return entity.kind !== 'process' || use === undefined ? [] : [describe(entity, use, span, entities)];
  });
  const kept = new Set(
    processes
      .toSorted((one, other) => known(other.cpuMs) - known(one.cpuMs))
      .slice(0, mostProcesses)
      .map(({ key }) => key),
  );
  return {
    processes: inTreeOrder(processes, entities).filter(({ key }) => kept.has(key)),
    left: processes.length - kept.size,
    samples,
    isThinned,
  };
}

/** What a process that was started within the span used before its first sample is of the span too. */
function unused({ startedUnixMs }: RecordedEntity, spanStartUnixMs: number): Use {
  const isNew = startedUnixMs !== null && startedUnixMs >= spanStartUnixMs;
  return {
    firstCpuMs: isNew ? 0 : Number.NaN,
    lastCpuMs: Number.NaN,
    peakRssBytes: Number.NaN,
    peakPssBytes: Number.NaN,
  };
}

function describe(
  { key, pid, name, commandLine, owner, parentKey, bornMs, goneMs }: RecordedEntity,
  { firstCpuMs, lastCpuMs, peakRssBytes, peakPssBytes }: Use,
  span: RecordingSpan,
  entities: ReadonlyMap<number, RecordedEntity>,
): RecordedProcess {
  const fromMs = Math.max(bornMs, span.fromMs);
  const toMs = Math.min(goneMs ?? span.toMs, span.toMs);
  const cpuMs = lastCpuMs - firstCpuMs;
  return {
    key,
    pid,
    depth: depthOf(parentKey, entities),
    name,
    commandLine,
    owner,
    cpuMs,
    // Over the whole span, so that the rows of a table add up.
    meanCores: cpuMs / (span.toMs - span.fromMs),
    peakPssBytes,
    peakRssBytes,
    fromMs,
    toMs,
  };
}

/** A damaged file may have parents in a circle. */
const deepest = 64;

function depthOf(parentKey: number | null, entities: ReadonlyMap<number, RecordedEntity>): number {
  let depth = 0;
  for (let above = parentKey; above !== null && depth < deepest; depth += 1) {
    above = entities.get(above)?.parentKey ?? null;
  }
  return depth;
}

function inTreeOrder(
  processes: readonly RecordedProcess[],
  entities: ReadonlyMap<number, RecordedEntity>,
): RecordedProcess[] {
  const there = new Set(processes.map(({ key }) => key));
  const children = new Map<number | null, RecordedProcess[]>();
  for (const process of processes) {
    const parentKey = entities.get(process.key)?.parentKey ?? null;
    const place = parentKey !== null && there.has(parentKey) ? parentKey : null;
    const siblings = children.get(place);
    if (siblings === undefined) children.set(place, [process]);
    else siblings.push(process);
  }
  const ordered: RecordedProcess[] = [];
  const add = (parentKey: number | null, depth: number): void => {
    for (const process of children.get(parentKey) ?? []) {
      ordered.push(process);
      if (depth < deepest) add(process.key, depth + 1);
    }
  };
  add(null, 0);
  return ordered;
}

/** The span, or where that is too much to read, parts of it. */
function partsOf(span: RecordingSpan, everyMs: number, frameBytes: number): RecordingSpan[] {
  const spanMs = span.toMs - span.fromMs;
  const readableMs = spanMs * Math.min(1, (mostFrames * everyMs) / spanMs, mostFrameBytes / frameBytes);
  if (readableMs >= spanMs || Number.isNaN(readableMs)) return [span];
  const places = Math.round(Math.min(mostPlaces, Math.max(4, readableMs / (2 * leadMs))));
  const lengthMs = Math.max(everyMs * 2, readableMs / places - leadMs);
  const stepMs = (spanMs - lengthMs) / (places - 1);
  return Array.from({ length: places }, (_, place) => {
    const fromMs = span.fromMs + place * stepMs;
    return { fromMs, toMs: fromMs + lengthMs };
  });
}

function known(value: number): number {
  return Number.isNaN(value) ? -1 : value;
}

function larger(one: number, other: number): number {
  if (Number.isNaN(one)) return other;
  return other > one ? other : one;
}
