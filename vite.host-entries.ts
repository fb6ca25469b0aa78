import { fileURLToPath } from 'node:url';

const inProject = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/**
 * The run host and the programs of its workers, by the name under which they find one another. Whatever they
 * import is bundled, except jiti (TypeScript on a Node that cannot take it): that reads a file beside itself.
 */
export const hostEntries = {
  'run-host': inProject('src/engine/runner/node/host.ts'),
  'run-pool-thread': inProject('src/engine/runner/node/pool-thread-worker.ts'),
  // The server of the workload `http`.
  'run-http-server': inProject('src/engine/workloads/http-server-process.ts'),
  // What some workloads have beside their workers.
  'echo-partner': inProject('src/engine/workloads/echo-partner.ts'),
  'pipeline-consumer': inProject('src/engine/workloads/pipeline-consumer.ts'),
  // Where tinypool looks for its worker: beside the chunk that tinypool itself has become part of.
  'entry/worker': inProject('node_modules/tinypool/dist/entry/worker.js'),
};

/**
 * Workers that are started in the measured time, as CommonJS: Node's loader of modules takes 5 of the 75 ms in which a
 * process starts. A thread of tinypool's is a module, as its library is.
 */
export const workerEntries = {
  'run-thread': inProject('src/engine/runner/node/thread-worker.ts'),
  'run-process': inProject('src/engine/runner/node/process-worker.ts'),
  'run-pool-process': inProject('src/engine/runner/node/pool-process-worker.ts'),
  'run-cluster': inProject('src/engine/runner/node/cluster-worker.ts'),
};

/** What every worker needs goes into one file: a worker that is started in the measured time reads it at once. */
export const workerParts =
  /src\/(engine\/(runner\/(protocol|node\/(failure|process-end|run-folder|standard-output|work|share|worker|worker-main|worker-start))|workloads\/node-tasks?)|shared\/(result|workload))\.ts$/;
