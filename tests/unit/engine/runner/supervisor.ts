import { createSessionClock } from '../../../../src/engine/clock.ts';
import { findWorkload } from '../../../../src/engine/workloads/index.ts';
import { startRun } from '../../../../src/engine/runner/run.ts';
import { runtimes, strategyIds } from '../../../../src/shared/workload.ts';

/**
 * A program that supervises one run, to be killed in the middle of it. Arguments: runtime, strategy, workload,
 * interpreter, node host, Python folder, then what `n` is to be (by default the most there can be), and `no-cgroup`
 * where the run is to do without a control group. Prints the host's pid, then a line per worker that is ready.
 */
const [
  runtimeName,
  strategyName,
  workloadId = '',
  interpreterPath = '',
  nodeHost = '',
  pythonFolder = '',
  n = '',
  cgroup = '',
] = process.argv.slice(2);
const runtime = runtimes.find((known) => known === runtimeName);
const strategy = strategyIds.find((known) => known === strategyName);
const workload = findWorkload(workloadId);
if (runtime === undefined || strategy === undefined || workload === undefined) {
  throw new Error('supervisor.ts has been called with wrong arguments');
}
// Each parameter at its most: the run is to be in the middle of a task when it is killed.
const longest = Object.fromEntries(
  workload.parameters.flatMap((parameter) =>
    parameter.type === 'number' ? [[parameter.name, parameter.max]] : [],
  ),
);
const run = startRun(
  {
    runtime,
    strategy,
    workloadId,
    params:
      workloadId === 'count-loop'
        ? { ...longest, rounds: 1, ...(n === '' ? {} : { n: Number(n) }) }
        : longest,
    tasks: 100,
    workers: 2,
    timeoutMs: 60_000,
    interpreterPath,
    hostFiles: { nodeHost, pythonFolder },
  },
  { clock: createSessionClock(), ...(cgroup === 'no-cgroup' ? { createCgroup: () => null } : {}) },
  (progress) => {
    if (progress.type === 'worker-ready') console.log('worker ready');
  },
);
console.log(`host ${run.hostPid ?? 'none'}`);
console.log(JSON.stringify(await run.outcome));
