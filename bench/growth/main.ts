import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createSessionClock } from '../../src/engine/clock.ts';
import { createSampler, type LocalSampler } from '../../src/engine/sampler/index.ts';
import { decodeFrame } from '../../src/shared/frame-codec.ts';
import { type Child, startChild } from '../support/child.ts';
import { drawTable } from '../support/table.ts';
import { findGrowth, type Holding } from './judge.ts';

/**
 * `npm run bench:growth`: what the sampler holds after it has seen 1000 processes all the while and 10 000 short-lived
 * ones come and go, with no more than 1024 descriptors. Exit code 1 where descriptors, entries or memory have grown.
 */

const resultPath = join(import.meta.dirname, '..', '..', 'test-results', 'bench-growth.json');
const descriptorLimit = 1024;
const everyMs = 20;
/** Until what has just run counts as idle, and the turns that come once a second have come. */
const settleMs = 3000;
/** Says to itself that it is the one with the limit. */
const limitedMark = 'limited';

interface Plan {
  readonly live: number;
  readonly short: number;
}

/** Frames as a receiver sees them. */
interface Watching {
  readonly sampler: LocalSampler;
  /** Different processes that were ever told of. */
  readonly seen: () => number;
  /** Rows of the last frame whose resident memory is known. */
  readonly knownRows: () => number;
  readonly mostFiles: () => number;
}

function watch(): Watching {
  const sampler = createSampler({ clock: createSessionClock(), everyMs });
  let seen = 0;
  let knownRows = 0;
  let mostFiles = 0;
  sampler.subscribe((message) => {
    if (message.type === 'entities') seen += message.appeared.length;
    if (message.type !== 'frame') return;
    knownRows = decodeFrame(message.buffer).rssBytes.filter((bytes) => bytes >= 0).length;
    mostFiles = Math.max(mostFiles, sampler.countKept()['files'] ?? 0);
  });
  return { sampler, seen: () => seen, knownRows: () => knownRows, mostFiles: () => mostFiles };
}

/** A shell and so many sleepers below it. */
async function startCrowd(count: number): Promise<Child> {
  const script = `i=1; while [ $i -lt ${count} ]; do sleep 86400 & i=$((i+1)); done; echo up; wait`;
  const crowd = startChild(['sh', '-c', script]);
  await crowd.nextLine();
  return crowd;
}

/** Ten at a time, so that at 50 Hz most are seen, many of them between fork and exec. */
async function passBy(watching: Watching, count: number): Promise<void> {
  const script = `i=0; while [ $i -lt ${count} ]; do sleep 0.02 & i=$((i+1)); [ $((i%10)) = 0 ] && wait; done; wait; echo done; exec sleep 86400`;
  const spawner = startChild(['sh', '-c', script]);
  try {
    watching.sampler.watch({ pid: spawner.pid, owner: 'run', allThreads: true });
    await spawner.nextLine();
    await delay(5 * everyMs);
  } finally {
    watching.sampler.unwatch(spawner.pid);
    await spawner.stop();
  }
}

async function look(when: string, { sampler }: Watching): Promise<Holding> {
  await delay(settleMs);
  // What is told at the first call is collected at the second.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  return {
    when,
    descriptors: readdirSync('/proc/self/fd').length,
    kept: sampler.countKept(),
    heapBytes: heapUsed + external + arrayBuffers,
    rssBytes: rss,
  };
}

function draw(moments: readonly Holding[]): string {
  const names = Object.keys(moments[0]?.kept ?? {});
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2);
  const rows: (readonly string[])[] = [
    ['descriptors', ...moments.map(({ descriptors }) => String(descriptors))],
    ...names.map((name) => [name, ...moments.map(({ kept }) => String(kept[name] ?? 0))]),
    ['heap, MB', ...moments.map(({ heapBytes }) => megabytes(heapBytes))],
    ['resident, MB', ...moments.map(({ rssBytes }) => megabytes(rssBytes))],
  ];
  return drawTable(['', ...moments.map(({ when }) => when)], rows);
}

async function measure({ live, short }: Plan): Promise<number> {
  const crowd = await startCrowd(live);
  const watching = watch();
  const { sampler } = watching;
  try {
    sampler.watch({ pid: crowd.pid, owner: 'run' });
    // The engine compiles what it meets here.
    await passBy(watching, Math.ceil(short / 20));
    const moments = [await look('start', watching)];
    const seenBefore = watching.seen();
    for (const when of ['25 %', '50 %', '75 %', 'all']) {
      await passBy(watching, Math.ceil(short / 4));
      moments.push(await look(when, watching));
    }
    const grown = findGrowth(moments);
    const known = watching.knownRows();
    console.log(
      `${live} live processes, ${short} short-lived ones, ${descriptorLimit} descriptors at most\n`,
    );
    console.log(draw(moments));
    const told = watching.seen() - seenBefore;
    console.log(
      `\nTold of ${told} entities meanwhile; ${watching.mostFiles()} files open at most; ${known} of ${live} live ones known at the end.`,
    );
    const failures = [...grown, ...(known === live ? [] : [`only ${known} of ${live} processes are known`])];
    console.log(failures.length === 0 ? 'No growth: met' : `Grown: ${failures.join('; ')}: missed`);
    mkdirSync(join(resultPath, '..'), { recursive: true });
    writeFileSync(resultPath, `${JSON.stringify({ live, short, told, moments, failures }, null, 2)}\n`);
    console.log(`Written to ${resultPath}.`);
    return failures.length === 0 ? 0 : 1;
  } finally {
    await sampler.stop();
    await crowd.stop();
  }
}

/** Once more, in a shell that limits both the soft and the hard number: Node raises the soft one to the hard one. */
function runLimited(parameters: readonly string[]): number {
  const command = `ulimit -n ${descriptorLimit} && exec "$0" --expose-gc "$@"`;
  const script = process.argv[1] ?? '';
  const { status } = spawnSync('sh', ['-c', command, process.execPath, script, limitedMark, ...parameters], {
    stdio: 'inherit',
  });
  return status ?? 2;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      live: { type: 'string' },
      short: { type: 'string' },
    },
  });
  if (process.platform !== 'linux') {
    console.error('This benchmark reads /proc and runs on Linux only.');
    return 2;
  }
  if (positionals[0] !== limitedMark) return runLimited(process.argv.slice(2));
  return await measure({
    live: Number(values.live ?? (values.quick ? 200 : 1000)),
    short: Number(values.short ?? (values.quick ? 1000 : 10_000)),
  });
}

process.exitCode = await main();
