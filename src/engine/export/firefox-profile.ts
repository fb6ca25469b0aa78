import type { RecordedEntity } from '../../shared/recording.ts';
import type { Moment, Phase } from '../recording/phases.ts';
import { ThreadTables } from './firefox-thread.ts';
import type { ExportSource, RecordingFormat } from './recording-export.ts';
import { thinnedFrames } from './thinned.ts';

/**
 * The Firefox Profiler's processed profile format, version 48 (docs-developer/CHANGELOG-formats.md of
 * firefox-devtools/profiler); profiler.firefox.com upgrades it when it opens it. Threads and processes with their CPU
 * usage, the cores as threads of a process of their own, memory as counters, phases and markers as markers.
 */
export const firefoxFormat: RecordingFormat = {
  extension: '.firefox.json',
  description: 'Firefox Profiler (profiler.firefox.com): CPU per thread, memory, markers',
  *write(source) {
    yield `${JSON.stringify(profileOf(source))}\n`;
  },
};

const formatVersion = 48;

/** Of Gecko's own format; nothing of it is here, but a number has to be. */
const geckoVersion = 29;

/** Numbers in a file that a browser still opens at ease: some 30 MB. */
const mostValues = 2_000_000;

/** A pid that no process has. */
const machinePid = '0';

const columns = ['coreBusy', 'cpuShare', 'cpuMs', 'rssBytes', 'pssBytes'];

/** A row's thread, and the memory of a process as the changes that the format wants. */
interface RowTables {
  readonly entity: RecordedEntity;
  readonly thread: ThreadTables;
  readonly memory: { readonly time: number[]; readonly count: number[]; lastBytes: number } | null;
  lastMs: number;
}

function profileOf(source: ExportSource): object {
  const { manifest, story, span, entities } = source;
  const computer = manifest?.machine ?? null;
  const machine = new ThreadTables({
    name: 'Phases',
    pid: machinePid,
    tid: 'phases',
    processName: 'Machine',
    isMainThread: true,
    fromMs: span.fromMs,
    toMs: null,
  });
  for (const phase of story.phases) addPhase(machine, phase);
  for (const moment of story.moments) addMoment(machine, moment);

  const cores = Array.from(
    { length: source.cores },
    (_, core) =>
      new ThreadTables({
        name: `core ${core}`,
        pid: machinePid,
        tid: `core ${core}`,
        processName: 'Machine',
        isMainThread: false,
        fromMs: span.fromMs,
        toMs: null,
      }),
  );
  const rows = new Map<number, RowTables>();
  const { every, frames } = thinnedFrames(source, columns, source.cores + 2 * entities.size, mostValues);
  let beforeMs = Number.NaN;
  for (const frame of frames) {
    const { atMs, keys } = frame;
    for (const [core, thread] of cores.entries()) {
      thread.addSample(atMs, cpuMicros(frame.coreBusy[core], atMs - beforeMs));
    }
    for (let row = 0; row < keys.length; row += 1) {
      const tables = tablesOf(keys[row] ?? Number.NaN, entities, rows);
      if (tables === null) continue;
      tables.thread.addSample(atMs, cpuMicros(frame.cpuShare[row], atMs - tables.lastMs));
      tables.lastMs = atMs;
      const pss = frame.pssBytes[row] ?? Number.NaN;
      addMemory(tables, atMs, Number.isNaN(pss) ? (frame.rssBytes[row] ?? Number.NaN) : pss);
    }
    beforeMs = atMs;
  }

  // Parents first, and threads after their process: the format wants the main thread of a pid before the others.
  const ordered = [...rows.values()].sort(
    (one, other) =>
      one.entity.pid - other.entity.pid ||
      Number(one.entity.tid !== null) - Number(other.entity.tid !== null),
  );
  const threads = [machine, ...cores, ...ordered.map(({ thread }) => thread)];
  return {
    meta: {
      version: geckoVersion,
      preprocessedProfileVersion: formatVersion,
      interval: (manifest?.requestedEveryMs ?? 100) * every,
      startTime: manifest?.startedUnixMs ?? 0,
      profilingStartTime: span.fromMs,
      profilingEndTime: span.toMs,
      processType: 0,
      product: source.title,
      importedFrom: `Corescope ${manifest?.corescopeVersion ?? ''}`.trim(),
      stackwalk: 0,
      symbolicated: true,
      symbolicationNotSupported: true,
      usesOnlyOneStackType: true,
      sourceCodeIsNotOnSearchfox: true,
      keepProfileThreadOrder: true,
      initialVisibleThreads: threads.map((_, index) => index).slice(0, 40),
      sampleUnits: { time: 'ms', eventDelay: 'ms', threadCPUDelta: 'µs' },
      ...(computer === null
        ? {}
        : {
            oscpu: `${computer.os} ${computer.kernel}`,
            CPUName: computer.cpuModel,
            logicalCPUs: computer.logicalCores,
            ...(computer.physicalCores === null ? {} : { physicalCPUs: computer.physicalCores }),
            mainMemory: computer.memoryBytes,
          }),
      categories: [
        { name: 'Idle', color: 'transparent', subcategories: ['Other'] },
        { name: 'Other', color: 'grey', subcategories: ['Other'] },
        { name: 'On a core', color: 'blue', subcategories: ['Other'] },
      ],
      markerSchema,
      extra: [
        {
          label: 'Recording',
          entries: [
            {
              label: 'Samples left out',
              format: 'string',
              value: every === 1 ? 'none' : `all but every ${every}th`,
            },
          ],
        },
      ],
    },
    libs: [],
    pages: [],
    counters: ordered.flatMap(({ entity, thread, memory }) =>
      memory === null || memory.time.length === 0
        ? []
        : [
            {
              name: 'memory',
              category: 'Memory',
              description: `Memory of ${entity.name} (PSS, or RSS where PSS is not known)`,
              color: 'orange',
              pid: thread.place.pid,
              mainThreadIndex: threads.indexOf(thread),
              samples: { time: memory.time, count: memory.count, length: memory.time.length },
            },
          ],
    ),
    threads: threads.map((thread) => thread.toThread()),
  };
}

function tablesOf(
  key: number,
  entities: ReadonlyMap<number, RecordedEntity>,
  rows: Map<number, RowTables>,
): RowTables | null {
  const known = rows.get(key);
  if (known !== undefined) return known;
  const entity = entities.get(key);
  if (entity === undefined || (entity.kind !== 'process' && entity.kind !== 'thread')) return null;
  const isProcess = entity.kind === 'process';
  const tables: RowTables = {
    entity,
    thread: new ThreadTables({
      name: entity.name,
      // Pids are used again; the key is not.
      pid: isProcess ? pidOf(entity) : pidOf(processAbove(entity, entities)),
      tid: entity.tid ?? entity.pid,
      processName: isProcess ? entity.name : processAbove(entity, entities).name,
      isMainThread: isProcess,
      fromMs: entity.bornMs,
      toMs: entity.goneMs,
    }),
    memory: isProcess ? { time: [], count: [], lastBytes: 0 } : null,
    lastMs: Number.NaN,
  };
  rows.set(key, tables);
  return tables;
}

function pidOf({ pid, key }: RecordedEntity): string {
  return `${pid} (${key})`;
}

function processAbove(thread: RecordedEntity, entities: ReadonlyMap<number, RecordedEntity>): RecordedEntity {
  return (thread.parentKey === null ? undefined : entities.get(thread.parentKey)) ?? thread;
}

/** Null, which the format has for it, where the share or the time that it holds for is not known. */
function cpuMicros(share: number | undefined, overMs: number): number | null {
  const micros = Math.round((share ?? Number.NaN) * overMs * 1000);
  return Number.isNaN(micros) ? null : micros;
}

function addMemory({ memory }: RowTables, atMs: number, bytes: number): void {
  if (memory === null || Number.isNaN(bytes) || bytes === memory.lastBytes) return;
  memory.time.push(atMs);
  memory.count.push(bytes - memory.lastBytes);
  memory.lastBytes = bytes;
}

/** Where markers are shown, and with which words. */
const markerSchema = [
  {
    name: 'Phase',
    tooltipLabel: '{marker.data.label}',
    tableLabel: '{marker.data.label}: {marker.data.details}',
    chartLabel: '{marker.data.label}',
    display: ['marker-chart', 'marker-table', 'timeline-overview'],
    data: [
      { key: 'label', label: 'Name', format: 'string', searchable: true },
      { key: 'details', label: 'Details', format: 'string', searchable: true },
    ],
  },
];

function addPhase(thread: ThreadTables, { kind, name, fromMs, toMs, worker, details }: Phase): void {
  const row = kind === 'task' && worker !== null ? `task (worker ${worker})` : kind;
  thread.addMarker(row, fromMs, toMs, payload(name, details));
}

function addMoment(thread: ThreadTables, { kind, name, atMs, details }: Moment): void {
  thread.addMarker(kind, atMs, null, payload(name, details));
}

function payload(label: string, details: Readonly<Record<string, string>>): object {
  const words = Object.entries(details).map(([name, value]) => `${name} ${value}`);
  return { type: 'Phase', label, details: words.join(', ') };
}
