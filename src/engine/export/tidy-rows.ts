import type { RecordedEntity } from '../../shared/recording.ts';
import type { CoreColumns, RowColumns, SampleFrame } from '../../shared/sample.ts';
import type { ExportSource } from './recording-export.ts';

/** One column of the long table. */
export interface TidyColumn {
  readonly name: string;
  /** As in the header of a CSV; empty where there is none. */
  readonly unit: string;
  readonly type: 'number' | 'text';
  readonly description: string;
}

/**
 * The long table: a line per sample and core, and per sample and row (process, thread …). It is what data frames and
 * SQL like best: every figure is in one column, and what it is of stands beside it.
 */
export const tidyColumns = [
  column('at_ms', 'ms', 'time since the recording began'),
  text('kind', 'core, process, thread, exited-children or unattributed'),
  column('core', '', 'number of the core; of a row, the one that it was last on'),
  column('key', '', 'stands for pid and start time; the same all through the recording'),
  column('pid', '', ''),
  column('tid', '', ''),
  text('name', ''),
  text('owner', 'run, or corescope for our own'),
  column('cpu_share', 'cores', 'CPU in cores: 1 is one core busy'),
  column('total_cpu_share', 'cores', 'with all rows below it'),
  column('cpu_ms', 'ms', 'CPU time since it began'),
  column('wait_share', 'threads', 'threads that were ready and waited for a core'),
  column('rss_bytes', 'bytes', 'resident memory, shared pages counted in full'),
  column('pss_bytes', 'bytes', 'shared pages divided among their users'),
  column('user_share', 'cores', 'of a core: time in programs'),
  column('system_share', 'cores', 'of a core: time in the kernel'),
  column('steal_share', 'cores', 'of a core: time given to other machines'),
  column('mhz', 'MHz', 'of a core: its clock'),
] as const satisfies readonly TidyColumn[];

export type TidyName = (typeof tidyColumns)[number]['name'];
/** In the order of `tidyColumns`; NaN and null are unknown. */
export type TidyRow = readonly (number | string | null)[];

function column<Name extends string>(name: Name, unit: string, description: string) {
  return { name, unit, type: 'number', description } as const;
}

function text<Name extends string>(name: Name, description: string) {
  return { name, unit: '', type: 'text', description } as const;
}

export const tidyFrameColumns: readonly (keyof CoreColumns | keyof RowColumns)[] = [
  'coreBusy',
  'coreUser',
  'coreSystem',
  'coreSteal',
  'coreMhz',
  'cpuShare',
  'totalCpuShare',
  'cpuMs',
  'waitShare',
  'rssBytes',
  'pssBytes',
  'lastCore',
];

export function* tidyRows(source: ExportSource): Generator<TidyRow> {
  for (const frame of source.frames(tidyFrameColumns)) yield* rowsOf(frame, source.entities);
}

function* rowsOf(frame: SampleFrame, entities: ReadonlyMap<number, RecordedEntity>): Generator<TidyRow> {
  const { atMs } = frame;
  for (let core = 0; core < frame.coreBusy.length; core += 1) {
    yield make(atMs, 'core', {
      core,
      cpu_share: frame.coreBusy[core],
      user_share: frame.coreUser[core],
      system_share: frame.coreSystem[core],
      steal_share: frame.coreSteal[core],
      mhz: frame.coreMhz[core],
    });
  }
  for (let row = 0; row < frame.keys.length; row += 1) {
    const key = frame.keys[row] ?? Number.NaN;
    const entity = entities.get(key);
    yield make(atMs, entity?.kind ?? null, {
      core: frame.lastCore[row],
      key,
      pid: entity?.pid,
      tid: entity?.tid ?? undefined,
      name: entity?.name,
      owner: entity?.owner,
      cpu_share: frame.cpuShare[row],
      total_cpu_share: frame.totalCpuShare[row],
      cpu_ms: frame.cpuMs[row],
      wait_share: frame.waitShare[row],
      rss_bytes: frame.rssBytes[row],
      pss_bytes: frame.pssBytes[row],
    });
  }
}

type Values = Partial<Record<Exclude<TidyName, 'at_ms' | 'kind'>, number | string | undefined>>;

function make(atMs: number, kind: string | null, values: Values): TidyRow {
  return tidyColumns.map(({ name }) => {
    if (name === 'at_ms') return atMs;
    return name === 'kind' ? kind : (values[name] ?? null);
  });
}
