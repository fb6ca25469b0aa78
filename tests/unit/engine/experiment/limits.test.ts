import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSessionClock } from '../../../../src/engine/clock.ts';
import { runExperiment } from '../../../../src/engine/experiment/run-experiment.ts';
import { createSampler } from '../../../../src/engine/sampler/index.ts';
import type { ExperimentPlan } from '../../../../src/shared/experiment.ts';
import type { ExperimentEvent } from '../../../../src/shared/experiment-event.ts';
import type { BuiltHosts } from '../runner/build-hosts.ts';
import { buildMisbehavingHosts, misdeeds } from '../runner/misbehaving-hosts.ts';
import { availableRuntimes, smallRequest } from '../runner/real-run.ts';

let hosts: BuiltHosts;
beforeAll(async () => {
  hosts = await buildMisbehavingHosts();
});
afterAll(() => hosts.remove());

const samplerEveryMs = 50;

/** One run of the misdeed, by processes, with the real sampler beside it. */
async function experimentOn(
  runtime: ExperimentPlan['workload']['runtime'],
  misdeed: number,
  limits: Pick<ExperimentPlan, 'memoryLimitBytes' | 'niceLevel'>,
) {
  const clock = createSessionClock();
  const sampler = createSampler({ clock, everyMs: samplerEveryMs });
  const events: ExperimentEvent[] = [];
  const { interpreterPath } = smallRequest(hosts.files, runtime);
  try {
    const outcome = await runExperiment(
      {
        workload: { id: 'count-loop', runtime, target: null, params: { n: misdeed, rounds: 1 }, tasks: 2 },
        strategies: ['processes'],
        workerCounts: [2],
        blocks: 1,
        warmUpBlocks: 0,
        timeoutMs: 15_000,
        seed: 1,
        pythonPath: null,
        startMethod: null,
        ...limits,
      },
      {
        clock,
        sampler,
        samplerEveryMs,
        machine: {
          os: 'any',
          kernel: 'any',
          arch: 'any',
          cpuModel: 'any',
          logicalCores: 2,
          physicalCores: null,
          memoryBytes: 1e9,
          virtualization: null,
        },
        version: '0.0.0',
        interpreter: { path: interpreterPath, version: 'any', implementation: 'any', gilEnabled: null },
        hostFiles: hosts.files,
      },
      { onEvent: (event) => events.push(event), signal: new AbortController().signal },
    );
    if (outcome.state !== 'finished') throw new Error(`the experiment is ${outcome.state}`);
    return { run: outcome.experiment.strategies[0]?.runs[0], events };
  } finally {
    await sampler.stop();
  }
}

describe.skipIf(process.platform !== 'linux').each(availableRuntimes)('an experiment in %s', (runtime) => {
  it('ends a run that has more memory than it may, and says how much', async () => {
    const { run } = await experimentOn(runtime, misdeeds.hoard, { memoryLimitBytes: 250_000_000 });
    expect(run).toMatchObject({ state: 'failed', problem: { kind: 'memory-limit' } });
    if (run?.state !== 'failed') return;
    expect(run.problem.message).toMatch(
      /^The run was ended because it had \d+ MB of memory; the limit was 250 MB\.$/,
    );
  });

  it('tells what the work writes while it writes it', async () => {
    const { run, events } = await experimentOn(runtime, misdeeds.flood, {});
    expect(run?.state).toBe('finished');
    const told = events.flatMap((event) => (event.type === 'output' ? [event] : []));
    expect(told[0]).toMatchObject({ order: 1, stream: 'stdout', skippedBytes: 0 });
    expect(told[0]?.text.startsWith('flood\nflood\n')).toBe(true);
    const floodBytes = runtime === 'node' ? 64_000_000 : 64_000_128;
    expect(told.reduce((sum, { text, skippedBytes }) => sum + text.length + skippedBytes, 0)).toBe(
      floodBytes,
    );
  });
});
