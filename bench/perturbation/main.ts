import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { quantile } from 'simple-statistics';
import { type Child, ownProgram, startChild } from '../support/child.ts';
import { samplingParameters } from '../support/reading.ts';
import { shiftBetween } from '../support/statistics.ts';
import { drawTable } from '../support/table.ts';
import { describeShift, judgeCost } from './judge.ts';

/**
 * `npm run bench:perturbation`: what being sampled does to two processes that are busy, one that computes and one of
 * 500 MB that maps memory. Pairs in random order: one half with the sampler, the other half with all samplers stopped
 * (SIGSTOP). The control is a sampler that is stopped in both halves: what it shows is the noise.
 */

const resultPath = join(import.meta.dirname, '..', '..', 'test-results', 'bench-perturbation.json');
const kinds = ['computes', 'maps'] as const;
type Kind = (typeof kinds)[number];

interface Work {
  readonly units: number;
  readonly cpuMs: number;
}

/** Both as the half with the sampler divided by the half without. */
interface Ratios {
  readonly throughput: number;
  readonly cpuPerUnit: number;
}

type ByKind<Value> = Readonly<Record<Kind, Value>>;

interface Condition {
  readonly name: string;
  readonly sampler: Child | null;
  readonly pairs: ByKind<Ratios>[];
}

function isKind(word: string | undefined): word is Kind {
  return kinds.some((kind) => kind === word);
}

async function readWork(host: Child): Promise<ByKind<Work>> {
  process.kill(-host.pid, 'SIGUSR2');
  const work = { computes: { units: 0, cpuMs: 0 }, maps: { units: 0, cpuMs: 0 } };
  for (let heard = 0; heard < kinds.length; heard += 1) {
    const [kind, unitText, cpuText] = (await host.nextLine()).split(' ');
    if (!isKind(kind)) throw new Error(`the grinder says ${kind ?? 'nothing'}`);
    work[kind] = { units: Number(unitText), cpuMs: Number(cpuText) };
  }
  return work;
}

/**
 * From before the sampler goes on until after it has been stopped: its first tick, which catches up and reads PSS, is
 * in it. So there is one reading of the large process in each 2.5 s; undisturbed there would be one in 3.3 s.
 */
async function measureHalf(
  host: Child,
  sampler: Child | null,
  windowMs: number,
): Promise<ByKind<{ unitsPerMs: number; cpuPerUnit: number }>> {
  const before = await readWork(host);
  const startMs = performance.now();
  if (sampler !== null) process.kill(sampler.pid, 'SIGCONT');
  await delay(windowMs);
  if (sampler !== null) process.kill(sampler.pid, 'SIGSTOP');
  const after = await readWork(host);
  const tookMs = performance.now() - startMs;
  const of = (kind: Kind): { unitsPerMs: number; cpuPerUnit: number } => {
    const units = after[kind].units - before[kind].units;
    return { unitsPerMs: units / tookMs, cpuPerUnit: (after[kind].cpuMs - before[kind].cpuMs) / units };
  };
  return { computes: of('computes'), maps: of('maps') };
}

async function measurePair(host: Child, sampler: Child | null, windowMs: number): Promise<ByKind<Ratios>> {
  const isWithFirst = Math.random() < 0.5;
  const first = await measureHalf(host, isWithFirst ? sampler : null, windowMs);
  const second = await measureHalf(host, isWithFirst ? null : sampler, windowMs);
  const [having, lacking] = isWithFirst ? [first, second] : [second, first];
  const of = (kind: Kind): Ratios => ({
    throughput: having[kind].unitsPerMs / lacking[kind].unitsPerMs,
    cpuPerUnit: having[kind].cpuPerUnit / lacking[kind].cpuPerUnit,
  });
  return { computes: of('computes'), maps: of('maps') };
}

async function startSampler(host: Child, everyMs: number): Promise<Child> {
  const sampler = startChild(
    ownProgram('sample-ours', ...samplingParameters({ rootPid: host.pid, everyMs, core: null })),
  );
  await sampler.nextLine();
  process.kill(sampler.pid, 'SIGSTOP');
  return sampler;
}

function describeSpread(ratios: readonly number[]): string {
  const at = (share: number): string => quantile([...ratios], share).toFixed(3);
  return `${at(0.5)} [${at(0.25)} to ${at(0.75)}]`;
}

function ratiosOf({ pairs }: Condition, kind: Kind, what: keyof Ratios): readonly number[] {
  return pairs.map((pair) => pair[kind][what]);
}

function draw(conditions: readonly Condition[]): string {
  const rows = conditions.flatMap((condition) =>
    kinds.map((kind) => [
      condition.name,
      kind === 'maps' ? 'maps, 500 MB' : kind,
      describeSpread(ratiosOf(condition, kind, 'cpuPerUnit')),
      describeSpread(ratiosOf(condition, kind, 'throughput')),
    ]),
  );
  return drawTable(['', 'work', 'CPU time per unit of work', 'throughput'], rows);
}

/** Ours against the control: how much more, the 95 % interval of that, and the verdict on it. */
function drawVerdicts(control: Condition, ours: readonly Condition[]): string {
  const rows = ours.flatMap((condition) =>
    kinds.map((kind) => {
      const shiftOf = (what: keyof Ratios): ReturnType<typeof shiftBetween> =>
        shiftBetween(ratiosOf(condition, kind, what), ratiosOf(control, kind, what));
      const cost = shiftOf('cpuPerUnit');
      return [
        condition.name,
        kind,
        describeShift(cost),
        judgeCost(cost),
        describeShift(shiftOf('throughput')),
      ];
    }),
  );
  return drawTable(['against the control', 'work', 'CPU time per unit', '', 'throughput'], rows);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, pairs: { type: 'string' } },
  });
  if (process.platform !== 'linux') {
    console.error('This benchmark reads /proc and runs on Linux only.');
    return 2;
  }
  const pairs = values.pairs === undefined ? (values.quick ? 4 : 30) : Number(values.pairs);
  if (!Number.isSafeInteger(pairs) || pairs < 1) {
    console.error(`--pairs ${values.pairs ?? ''} is not a number of pairs; give a whole number, such as 60.`);
    return 2;
  }
  const windowMs = values.quick ? 1000 : 2500;
  const host = startChild(ownProgram('grinder', ...kinds));
  const children: Child[] = [host];
  try {
    for (let ready = 0; ready < kinds.length; ready += 1) await host.nextLine();
    const control: Condition = { name: 'control (stopped)', sampler: null, pairs: [] };
    const ours: Condition[] = [];
    for (const everyMs of [100, 10]) {
      const sampler = await startSampler(host, everyMs);
      children.push(sampler);
      ours.push({ name: `ours, ${1000 / everyMs} Hz`, sampler, pairs: [] });
    }
    const conditions = [control, ...ours];
    for (let pair = 0; pair < pairs; pair += 1) {
      for (const condition of conditions) {
        condition.pairs.push(await measurePair(host, condition.sampler, windowMs));
      }
    }
    console.log(`Two busy processes, ${pairs} pairs: with sampling / without, median [quartiles]\n`);
    console.log(draw(conditions));
    console.log(`\n${drawVerdicts(control, ours)}\n`);
    console.log(
      'Met: 0 is in the 95 % interval, or all of it below, and no more than 1 % is possible. Within the noise: 0 is in it,\n' +
        'but more than 1 % is possible (--pairs has more of them measured).',
    );
    mkdirSync(join(resultPath, '..'), { recursive: true });
    const kept = conditions.map(({ name, pairs: all }) => ({ name, pairs: all }));
    writeFileSync(resultPath, `${JSON.stringify({ pairs, windowMs, conditions: kept }, null, 2)}\n`);
    console.log(`Written to ${resultPath}.`);
    return 0;
  } finally {
    for (const { pid } of children) process.kill(pid, 'SIGCONT');
    await Promise.all(children.map((child) => child.stop()));
  }
}

process.exitCode = await main();
