import type { AppDescription, AppSurroundings } from '../../src/shared/ipc.ts';
import { succeed } from '../../src/shared/result.ts';
import type { WorkloadDescription } from '../../src/shared/workload.ts';

/** One workload with one number. */
export const drawnWorkload: WorkloadDescription = {
  id: 'count-loop',
  title: 'Counting loop',
  summary: '',
  kind: 'cpu',
  parameters: [
    {
      type: 'number',
      name: 'rounds',
      label: 'Rounds',
      unit: '',
      min: 1,
      max: 1000,
      integer: true,
      defaults: { node: 40, python: 1 },
      help: '',
    },
  ],
  expectedSignature: { node: '', python: '' },
};

const machine = {
  os: 'Linux',
  kernel: '6',
  arch: 'x64',
  cpuModel: 'CPU',
  logicalCores: 4,
  physicalCores: null,
  memoryBytes: 8e9,
  virtualization: null,
};

/** A machine of four cores, and `changes`. */
export function drawnApp(changes: Partial<AppDescription> = {}): AppDescription {
  return {
    version: '0.1.0',
    machine,
    workloads: [drawnWorkload],
    usableCores: 4,
    samplerEveryMs: 100,
    ...changes,
  };
}

/** The same machine with Node and Python, and `changes`. */
export function drawnSurroundings(changes: Partial<AppSurroundings> = {}): AppSurroundings {
  const interpreter = { path: '/usr/bin/x', version: '1.0', implementation: 'X', gilEnabled: null };
  return {
    machine,
    node: succeed(interpreter),
    python: succeed({ ...interpreter, freeThreadedBuild: null, startMethods: ['fork', 'spawn'] }),
    ...changes,
  };
}
