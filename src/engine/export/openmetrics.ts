import { visibleText } from './visible-text.ts';
import type { EntityInfo, SampleFrame } from '../../shared/sample.ts';

/** OpenMetrics 1.0, and the older text format of Prometheus, whose counters are declared by another name. */
export type MetricsDialect = 'openmetrics' | 'prometheus';

export const metricsContentType: Readonly<Record<MetricsDialect, string>> = {
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
};

type Labels = Readonly<Record<string, string | number>>;

interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'info';
  readonly unit: string;
  readonly help: string;
  readonly samples: readonly (readonly [labels: Labels, value: number])[];
}

/**
 * The latest sample as text. What is not known is left out: NaN would be a value. `frame` is null before the first
 * one, and then only the version is told.
 */
export function metricsText(
  frame: SampleFrame | null,
  entities: { get(key: number): EntityInfo | undefined },
  version: string,
  dialect: MetricsDialect,
): string {
  const families = [
    infoFamily(version),
    ...(frame === null ? [] : [...machineFamilies(frame), ...rowFamilies(frame, entities)]),
  ];
  const lines = families.flatMap((family) => linesOf(family, dialect));
  if (dialect === 'openmetrics') lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

function linesOf({ name, type, unit, help, samples }: Family, dialect: MetricsDialect): string[] {
  const known = samples.filter(([, value]) => Number.isFinite(value));
  if (known.length === 0) return [];
  const isOpen = dialect === 'openmetrics';
  const suffix = type === 'counter' ? '_total' : type === 'info' ? '_info' : '';
  const declared = isOpen ? name : name + suffix;
  return [
    `# HELP ${declared} ${help}`,
    `# TYPE ${declared} ${!isOpen && type === 'info' ? 'gauge' : type}`,
    ...(isOpen && unit !== '' ? [`# UNIT ${declared} ${unit}`] : []),
    ...known.map(([labels, value]) => `${name}${suffix}${labelsText(labels)} ${value}`),
  ];
}

function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return visibleText(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function infoFamily(version: string): Family {
  const help = 'The Corescope that measures.';
  return { name: 'corescope_build', type: 'info', unit: '', help, samples: [[{ version }, 1]] };
}

function gauge(name: string, unit: string, help: string, samples: Family['samples']): Family {
  return { name: `corescope_${name}_${unit}`, type: 'gauge', unit, help, samples };
}

function machineFamilies(frame: SampleFrame): Family[] {
  const byCore = (values: Float64Array, factor = 1): Family['samples'] =>
    Array.from(values, (value, core) => [{ core }, value * factor] as const);
  return [
    gauge('core_busy', 'ratio', 'Share of the time in which the core was busy.', byCore(frame.coreBusy)),
    gauge(
      'core_steal',
      'ratio',
      'Share that the hypervisor gave to other machines.',
      byCore(frame.coreSteal),
    ),
    gauge('core_frequency', 'hertz', 'Clock of the core.', byCore(frame.coreMhz, 1e6)),
    gauge('throttled', 'ratio', 'Share in which a quota held the watched work back.', [
      [{}, frame.throttledShare],
    ]),
    gauge('sampler_cpu', 'cores', 'CPU that Corescope itself uses, in cores.', [[{}, frame.ownCpuShare]]),
    gauge('sampler_memory', 'bytes', 'Resident memory of Corescope itself.', [[{}, frame.ownRssBytes]]),
    gauge('sampler_lateness', 'seconds', 'How late the last sample was.', [[{}, frame.latenessMs / 1000]]),
    {
      name: 'corescope_sampler_missed_ticks',
      type: 'counter',
      unit: '',
      help: 'Samples that were due and not taken.',
      samples: [[{}, frame.missedTicks]],
    },
  ];
}

function rowFamilies(frame: SampleFrame, entities: { get(key: number): EntityInfo | undefined }): Family[] {
  const rows = Array.from(frame.keys, (key, row) => ({ entity: entities.get(key), row })).flatMap(
    ({ entity, row }) => (entity?.kind === 'process' ? [{ entity, row }] : []),
  );
  const byProcess = (values: Float64Array, factor = 1): Family['samples'] =>
    rows.map(({ entity: { key, pid, name, owner }, row }) => [
      // The key too: a pid is used again, and two series must not become one.
      { pid, key, name, owner },
      (values[row] ?? Number.NaN) * factor,
    ]);
  return [
    gauge('process_cpu', 'cores', 'CPU of the process, in cores.', byProcess(frame.cpuShare)),
    gauge('process_tree_cpu', 'cores', 'With all processes below it.', byProcess(frame.totalCpuShare)),
    {
      name: 'corescope_process_cpu_seconds',
      type: 'counter',
      unit: 'seconds',
      help: 'CPU time since the process began.',
      samples: byProcess(frame.cpuMs, 0.001),
    },
    gauge(
      'process_wait',
      'threads',
      'Threads that were ready and waited for a core.',
      byProcess(frame.waitShare),
    ),
    gauge(
      'process_rss',
      'bytes',
      'Resident memory, shared pages counted in full.',
      byProcess(frame.rssBytes),
    ),
    gauge(
      'process_pss',
      'bytes',
      'Memory, shared pages divided among their users.',
      byProcess(frame.pssBytes),
    ),
  ];
}
