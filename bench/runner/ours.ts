import { resolve } from 'node:path';
import { createSessionClock } from '../../src/engine/clock.ts';
import { measureRun } from '../../src/engine/experiment/measure-run.ts';
import { parsePlan } from '../../src/engine/experiment/plan.ts';
import { TraceRecorder } from '../../src/engine/experiment/trace-recorder.ts';
import { describeMachine } from '../../src/engine/machine.ts';
import { findNode, findPython } from '../../src/engine/runner/interpreters.ts';
import { createSamplerWorker } from '../../src/engine/sampler/remote.ts';
import type { CatalogueRuntime } from '../../src/shared/workload.ts';
import type { RunnerCase } from './cases.ts';

/** One run by each side. */
export interface Timing {
  readonly wallMs: number;
  readonly checksum: string;
}

const programs = resolve('out/node');
const everyMs = 100;

/** Runs as an experiment makes them: in a run host, watched by the sampler. */
export async function openOurs(): Promise<{
  run(work: Omit<RunnerCase, 'name'>): Promise<Timing>;
  interpreterPath(runtime: CatalogueRuntime): string;
  stop(): Promise<void>;
}> {
  const [node, python] = [await findNode(), await findPython(null)];
  if (!node.ok) throw new Error(node.problem.message);
  if (!python.ok) throw new Error(python.problem.message);
  const interpreters = { node: node.value, python: python.value };
  const clock = createSessionClock();
  const sampler = createSamplerWorker({
    workerFile: resolve(programs, 'sampler-worker.js'),
    clockOrigin: { originNs: clock.originNs, startedUnixMs: clock.startedUnixMs },
    everyMs,
    // As the command line has it.
    holdMs: 250,
  });
  const recorder = new TraceRecorder(sampler);
  const machine = await describeMachine();
  return {
    interpreterPath: (runtime) => interpreters[runtime].path,
    async run({ runtime, strategy, workers, tasks, n, rounds }) {
      const plan = parsePlan({
        workload: { id: 'count-loop', runtime, params: { n, rounds }, tasks },
        strategies: [strategy],
        workerCounts: [workers],
        blocks: 1,
        warmUpBlocks: 0,
        timeoutMs: 120_000,
        seed: 1,
        pythonPath: null,
      });
      if (!plan.ok) throw new Error(plan.problem.message);
      const { record } = await measureRun(
        { order: 1, block: 1, warmUp: false, strategy, workers },
        plan.value,
        {
          clock,
          sampler,
          samplerEveryMs: everyMs,
          machine,
          version: 'bench',
          interpreter: interpreters[runtime],
          hostFiles: {
            nodeHost: resolve(programs, 'run-host.js'),
            pythonFolder: resolve('resources/python'),
          },
        },
        recorder,
        () => undefined,
        new AbortController().signal,
      );
      if (record.state !== 'finished')
        throw new Error(`the run of ${strategy} in ${runtime} has not finished`);
      return { wallMs: record.wallMs, checksum: record.checksum };
    },
    async stop() {
      recorder.close();
      await sampler.stop();
    },
  };
}
