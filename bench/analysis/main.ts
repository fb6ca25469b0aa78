import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { analyzeMatrix } from '../../src/engine/analysis/matrix/analyze.ts';
import { drawTable, showNumber } from '../support/table.ts';
import { drawExperiment } from './experiment.ts';
import { bootstrapNaively } from './naive.ts';

/** `npm run bench:analysis`: how long the analysis of a large experiment takes, beside a naive bootstrap. */

const size = { strategies: 10, workerCounts: [1, 2, 4, 8, 16, 32, 64, 128], blocks: 50 };
const targetMs = 2000;

/** CPU time as well as wall time: on a busy machine only the first tells what the work costs. */
function measure(work: () => void): { readonly wallMs: number; readonly cpuMs: number } {
  const cpu = process.cpuUsage();
  const start = performance.now();
  work();
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs: performance.now() - start, cpuMs: (user + system) / 1000 };
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[values.length >>> 1] ?? Number.NaN;
}

function main(): number {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
  });
  const rounds = values.quick ? 1 : 5;
  const input = drawExperiment(size, 1);
  const ours: ReturnType<typeof measure>[] = [];
  const naive: ReturnType<typeof measure>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // Interleaved, so that whatever else the machine does falls on both.
    ours.push(measure(() => void analyzeMatrix(input)));
    naive.push(measure(() => void bootstrapNaively(input)));
  }
  const wallMs = medianOf(ours.map((cost) => cost.wallMs));
  const ratio = medianOf(ours.map((cost, round) => cost.cpuMs / (naive[round]?.cpuMs ?? Number.NaN)));
  const [cpu] = os.cpus();
  console.log(
    `Analysis of ${size.strategies} strategies × ${size.workerCounts.length} numbers of workers × ` +
      `${size.blocks} blocks, ${input.resamples} resamples: median of ${rounds} interleaved rounds`,
  );
  console.log(
    `${os.availableParallelism()} cores of ${cpu?.model ?? 'an unknown kind'}, Node ${process.version}\n`,
  );
  const row = (name: string, costs: typeof ours): string[] => [
    name,
    showNumber(medianOf(costs.map((cost) => cost.wallMs))),
    showNumber(Math.max(...costs.map((cost) => cost.wallMs))),
    showNumber(medianOf(costs.map((cost) => cost.cpuMs))),
  ];
  console.log(
    drawTable(
      ['', 'wall ms', 'slowest ms', 'CPU ms'],
      [row('the whole analysis', ours), row('naive bootstrap of 2 intervals per cell', naive)],
    ),
  );
  console.log(
    `\nours/naive, CPU: ${ratio.toFixed(3)}. Aim: below ${targetMs} ms wall: ${wallMs < targetMs ? 'met' : 'missed'}.`,
  );
  const folder = join(import.meta.dirname, '..', '..', 'test-results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'bench-analysis.json'),
    `${JSON.stringify({ size, targetMs, ratio, ours, naive }, null, 2)}\n`,
  );
  return values.check && wallMs >= targetMs ? 1 : 0;
}

process.exitCode = main();
