import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { quantile } from 'simple-statistics';
import { type Child, ownProgram, startChild } from '../support/child.ts';
import { samplingParameters } from '../support/reading.ts';
import { drawTable, showNumber } from '../support/table.ts';

/**
 * `npm run bench:perturbation`: what being sampled does to two processes that compute. Pairs in random order: one
 * half with the sampler, the other half with all samplers stopped (SIGSTOP). The control is a sampler that is
 * stopped in both halves: what it shows is the noise.
 */

const resultPath = join(import.meta.dirname, '..', '..', 'test-results', 'bench-perturbation.json');
const grinders = 2;
/** The first ticks after a stop are not like the others. */
const settleMs = 250;

interface Work {
  readonly units: number;
  readonly cpuMs: number;
}

/** Both as the half with the sampler divided by the half without. */
interface PairRatios {
  readonly throughput: number;
  readonly cpuPerUnit: number;
}

async function readWork(host: Child): Promise<Work> {
  process.kill(-host.pid, 'SIGUSR2');
  let units = 0;
  let cpuMs = 0;
  for (let heard = 0; heard < grinders; heard += 1) {
    const [, unitText, cpuText] = (await host.nextLine()).split(' ');
    units += Number(unitText);
    cpuMs += Number(cpuText);
  }
  return { units, cpuMs };
}

async function measureHalf(
  host: Child,
  windowMs: number,
): Promise<{ unitsPerMs: number; cpuPerUnit: number }> {
  await delay(settleMs);
  const before = await readWork(host);
  const startMs = performance.now();
  await delay(windowMs);
  const after = await readWork(host);
  const units = after.units - before.units;
  return {
    unitsPerMs: units / (performance.now() - startMs),
    cpuPerUnit: (after.cpuMs - before.cpuMs) / units,
  };
}

async function measurePair(host: Child, sampler: Child | null, windowMs: number): Promise<PairRatios> {
  const halves = { with: { unitsPerMs: 0, cpuPerUnit: 0 }, without: { unitsPerMs: 0, cpuPerUnit: 0 } };
  const order = Math.random() < 0.5 ? (['with', 'without'] as const) : (['without', 'with'] as const);
  for (const half of order) {
    if (sampler !== null && half === 'with') process.kill(sampler.pid, 'SIGCONT');
    halves[half] = await measureHalf(host, windowMs);
    if (sampler !== null) process.kill(sampler.pid, 'SIGSTOP');
  }
  return {
    throughput: halves.with.unitsPerMs / halves.without.unitsPerMs,
    cpuPerUnit: halves.with.cpuPerUnit / halves.without.cpuPerUnit,
  };
}

function describe(ratios: readonly number[]): string {
  const at = (share: number): string => quantile([...ratios], share).toFixed(3);
  return `${at(0.5)} [${at(0.25)} to ${at(0.75)}]`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
  if (process.platform !== 'linux') {
    console.error('This benchmark reads /proc and runs on Linux only.');
    return 2;
  }
  const pairs = values.quick ? 6 : 30;
  const windowMs = values.quick ? 500 : 1000;
  const host = startChild(ownProgram('grinder', grinders));
  const children: Child[] = [host];
  try {
    for (let ready = 0; ready < grinders; ready += 1) await host.nextLine();
    const conditions: { name: string; sampler: Child | null; ratios: PairRatios[] }[] = [
      { name: 'control (stopped)', sampler: null, ratios: [] },
    ];
    for (const everyMs of [100, 10]) {
      const parameters = samplingParameters({ rootPid: host.pid, everyMs, core: null });
      const sampler = startChild(ownProgram('sample-ours', ...parameters));
      children.push(sampler);
      await sampler.nextLine();
      process.kill(sampler.pid, 'SIGSTOP');
      conditions.push({ name: `ours, ${1000 / everyMs} Hz`, sampler, ratios: [] });
    }
    for (let pair = 0; pair < pairs; pair += 1) {
      for (const { sampler, ratios } of conditions) ratios.push(await measurePair(host, sampler, windowMs));
    }
    console.log(`Two processes that compute, ${pairs} pairs: with sampling / without, median [quartiles]\n`);
    const rows = conditions.map(({ name, ratios }) => [
      name,
      describe(ratios.map(({ cpuPerUnit }) => cpuPerUnit)),
      describe(ratios.map(({ throughput }) => throughput)),
    ]);
    console.log(drawTable(['', 'CPU time per unit of work', 'throughput'], rows));
    const control = conditions[0]?.ratios.map(({ cpuPerUnit }) => cpuPerUnit) ?? [];
    const noise = quantile(control, 0.75) - quantile(control, 0.25);
    for (const { name, ratios } of conditions.slice(1)) {
      const off =
        quantile(
          ratios.map(({ cpuPerUnit }) => cpuPerUnit),
          0.5,
        ) - 1;
      const verdict = Math.abs(off) <= noise ? 'met' : 'missed';
      console.log(
        `${name}: CPU time per unit off by ${showNumber(off)}, noise ${showNumber(noise)}: ${verdict}`,
      );
    }
    mkdirSync(join(resultPath, '..'), { recursive: true });
    writeFileSync(
      resultPath,
      `${JSON.stringify({ pairs, windowMs, conditions: conditions.map(({ name, ratios }) => ({ name, ratios })) }, null, 2)}\n`,
    );
    console.log(`Written to ${resultPath}.`);
    return 0;
  } finally {
    for (const { pid } of children) process.kill(pid, 'SIGCONT');
    await Promise.all(children.map((child) => child.stop()));
  }
}

process.exitCode = await main();
