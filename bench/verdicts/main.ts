import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createSessionClock } from '../../src/engine/clock.ts';
import { parsePlan } from '../../src/engine/experiment/plan.ts';
import { runExperiment } from '../../src/engine/experiment/run-experiment.ts';
import { describeMachine } from '../../src/engine/machine.ts';
import { findNode, findPython } from '../../src/engine/runner/interpreters.ts';
import { createSamplerWorker } from '../../src/engine/sampler/remote.ts';
import type { Experiment } from '../../src/shared/experiment.ts';
import { succeed } from '../../src/shared/result.ts';
import { drawTable } from '../support/table.ts';
import { cases, type VerdictCase } from './cases.ts';
import { withQuotaOfOneCore } from './quota.ts';

/**
 * `npm run bench:verdicts`: real experiments where the usual advice is wrong, and whether the verdict is right. Needs
 * `npm run build`. `--blocks N`, `--case TEXT`. Exits 1 where a recommendation or a cause is not what it has to be.
 */

const everyMs = 100;
const programs = resolve('out/node');

async function experimentOn({ plan }: VerdictCase, blocks: number): Promise<Experiment> {
  const interpreter = plan.workload.runtime === 'python' ? await findPython(null) : await findNode();
  if (!interpreter.ok) throw new Error(interpreter.problem.message);
  const checked = parsePlan({
    ...plan,
    blocks,
    warmUpBlocks: 1,
    timeoutMs: 120_000,
    seed: 1,
    pythonPath: null,
  });
  if (!checked.ok) throw new Error(checked.problem.message);
  const clock = createSessionClock();
  const sampler = createSamplerWorker({
    workerFile: resolve(programs, 'sampler-worker.js'),
    clockOrigin: { originNs: clock.originNs, startedUnixMs: clock.startedUnixMs },
    everyMs,
  });
  try {
    const outcome = await runExperiment(
      checked.value,
      {
        clock,
        sampler,
        samplerEveryMs: everyMs,
        machine: await describeMachine(),
        version: 'bench',
        interpreter: interpreter.value,
        hostFiles: { nodeHost: resolve(programs, 'run-host.js'), pythonFolder: resolve('resources/python') },
      },
      { onEvent: () => undefined, signal: new AbortController().signal },
    );
    if (outcome.state !== 'finished') throw new Error(`the experiment is ${outcome.state}`);
    return outcome.experiment;
  } finally {
    await sampler.stop();
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      blocks: { type: 'string', default: '7' },
      case: { type: 'string', default: '' },
    },
  });
  const rows: string[][] = [];
  let missed = 0;
  for (const each of cases.filter(({ name }) => name.includes(values.case))) {
    const blocks = Number(values.blocks);
    const experiment =
      each.needsQuota === true
        ? await withQuotaOfOneCore(() => experimentOn(each, blocks))
        : succeed(await experimentOn(each, blocks));
    if (!experiment.ok) {
      const { message, advice } = experiment.problem;
      process.stdout.write(`${each.name}: ${message} ${advice}\n`);
      rows.push([each.name, each.expected, '', each.cause, '', 'not possible here']);
      continue;
    }
    const { verdict } = experiment.value;
    const isRight = each.isMet(experiment.value);
    const isCauseRight = verdict.cause === each.cause;
    if (!isRight || !isCauseRight) missed += 1;
    rows.push([
      each.name,
      each.expected,
      verdict.recommended?.strategy ?? '-',
      each.cause,
      verdict.cause,
      isRight ? (isCauseRight ? 'met' : 'CAUSE MISSED') : 'MISSED',
    ]);
    process.stdout.write(`${each.name}: ${verdict.sentence}\n`);
    for (const line of verdict.evidence) process.stdout.write(`  - ${line}\n`);
  }
  process.stdout.write(
    `\n${drawTable(['experiment', 'expected', 'recommended', 'its cause', 'cause named', ''], rows)}\n`,
  );
  return missed > 0 ? 1 : 0;
}

process.exitCode = await main();
