/** What can be told of a machine: rows of `corescope doctor`, columns of frames and of the topology. */
export type Metric =
  | 'core-busy'
  | 'core-kinds-of-time'
  | 'core-clock'
  | 'core-topology'
  | 'usable-cores'
  | 'throttling'
  | 'process-list'
  | 'process-identity'
  | 'process-state'
  | 'process-cpu'
  | 'waited-for-cpu'
  | 'unattributed-cpu'
  | 'run-queue-wait'
  | 'wait-breakdown'
  | 'resident-memory'
  | 'shared-memory'
  | 'peak-memory'
  | 'switches'
  | 'faults'
  | 'disk-bytes'
  | 'open-files'
  | 'thread-identity'
  | 'thread-cpu'
  | 'thread-wait'
  | 'last-core'
  | 'migrations'
  | 'placement';

export interface MetricCapability {
  readonly metric: Metric;
  /** In words, for people. */
  readonly name: string;
  readonly available: boolean;
  /** File, call or program that it comes from; where it is not available, that it would come from. */
  readonly source: string;
  /** The finest difference that it can show, in words; empty where nothing is available. */
  readonly resolution: string;
  /** What one reading costs, from measurements on one machine; empty where it was not measured. */
  readonly cost: string;
  /** What would make it available, or better; null where nothing would, or nothing is wanted. */
  readonly unlock: string | null;
}

export const metricNames: Readonly<Record<Metric, string>> = {
  'core-busy': 'core: busy',
  'core-kinds-of-time': 'core: user, system, iowait, irq, steal',
  'core-clock': 'core: clock (MHz)',
  'core-topology': 'core: sockets, NUMA, caches, classes',
  'usable-cores': 'usable cores',
  throttling: 'held back by a quota',
  'process-list': 'processes of a tree',
  'process-identity': 'process: start, name, command, user',
  'process-state': 'process: state, parent, threads',
  'process-cpu': 'process: CPU',
  'waited-for-cpu': 'process: CPU of ended children',
  'unattributed-cpu': 'tree: CPU that no process tells',
  'run-queue-wait': 'process: waiting for a core',
  'wait-breakdown': 'running, waiting, throttled, blocked',
  'resident-memory': 'process: resident memory',
  'shared-memory': 'process: PSS, USS, swap',
  'peak-memory': 'process: peak memory',
  switches: 'process: context switches',
  faults: 'process: page faults',
  'disk-bytes': 'process: bytes read and written',
  'open-files': 'process: open files',
  'thread-identity': 'thread: name, state',
  'thread-cpu': 'thread: CPU',
  'thread-wait': 'thread: waiting for a core',
  'last-core': 'thread: last core',
  migrations: 'thread: changes of core',
  placement: 'who ran where, per interval',
};

type Facts = Omit<MetricCapability, 'metric' | 'name' | 'available'>;

export function canRead(metric: Metric, facts: Partial<Facts> & Pick<Facts, 'source'>): MetricCapability {
  const missing = { resolution: '', cost: '', unlock: null };
  return { metric, name: metricNames[metric], available: true, ...missing, ...facts };
}

export function cannotRead(metric: Metric, source: string, unlock: string | null): MetricCapability {
  return { metric, name: metricNames[metric], available: false, source, resolution: '', cost: '', unlock };
}
