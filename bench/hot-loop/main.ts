import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCpuClock } from '../../src/engine/sampler/linux/cpu-clock.ts';
import { createHeldFiles } from '../../src/engine/sampler/linux/held-files.ts';
import type { NativeLibrary } from '../../src/engine/sampler/linux/native-library.ts';
import { createStatFields } from '../../src/engine/sampler/linux/proc-bytes.ts';
import { createStatReader } from '../../src/engine/sampler/linux/process-stat.ts';
import { ownProgram, startChild } from '../support/child.ts';
import { listTree } from '../support/cpu-cost.ts';
import { findProgram } from '../support/find-program.ts';
import { loadBuiltNative } from '../support/native.ts';
import { spreadOf } from '../support/statistics.ts';
import { drawTable, showNumber } from '../support/table.ts';

/** `npm run bench:hot-loop`: one reading of one process, ours beside the same calls in C without parsing. */

const projectRoot = join(import.meta.dirname, '..', '..');
const resultFolder = join(projectRoot, 'test-results');
const rounds = 7;
const secondsPerRound = 0.15;
const targets = { stat: 1.3, clock: 1.5 } as const;

interface Prices {
  readonly statNs: number;
  readonly clockNs: number;
}

/** CPU of this thread: helpers that compile meanwhile are not in it. */
function ownCpuNs(): number {
  return Number(/^\d+/.exec(readFileSync('/proc/thread-self/schedstat', 'utf8'))?.[0] ?? Number.NaN);
}

function pricePerReading(count: number, readAll: () => void): number {
  const startNs = ownCpuNs();
  let readings = 0;
  // Sleeping makes the kernel bring the count up to date.
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const endMs = performance.now() + secondsPerRound * 1000;
  while (performance.now() < endMs) {
    readAll();
    readings += count;
  }
  Atomics.wait(sleeper, 0, 0, 1);
  return (ownCpuNs() - startNs) / readings;
}

function createOurs(pids: readonly number[], native: NativeLibrary | null): () => Prices {
  const files = createHeldFiles();
  const stats = createStatReader(files, native?.readStat ?? null);
  const held = pids.map((pid) => files.create(`/proc/${pid}/stat`));
  const fields = createStatFields();
  const clock = loadCpuClock();
  let sum = 0;
  return () => ({
    statNs: pricePerReading(pids.length, () => {
      for (const file of held) {
        if (!stats.read(file, fields)) throw new Error(`${file.path} could not be read`);
      }
    }),
    clockNs:
      clock === null
        ? Number.NaN
        : pricePerReading(pids.length, () => {
            for (const pid of pids) sum += clock.readNs(pid);
            if (Number.isNaN(sum)) throw new Error('a CPU clock could not be read');
          }),
  });
}

/** The built one; null without it, or where it is not wanted. */
function findNative(): NativeLibrary | null {
  if (process.argv.includes('--without-native')) return null;
  const loaded = loadBuiltNative();
  return loaded.ok ? loaded.value : null;
}

/** Null where there is no C compiler. */
function createBare(pids: readonly number[]): (() => Prices) | null {
  if (findProgram('cc') === null) return null;
  const program = join(resultFolder, 'bare-reader');
  const source = join(projectRoot, 'bench', 'programs', 'bare-reader.c');
  if (spawnSync('cc', ['-O2', '-o', program, source], { stdio: 'inherit' }).status !== 0) return null;
  return () => {
    const { stdout } = spawnSync(program, [String(secondsPerRound), ...pids.map(String)], {
      encoding: 'utf8',
    });
    const [statNs = Number.NaN, clockNs = Number.NaN] = stdout.trim().split(' ').map(Number);
    return { statNs, clockNs };
  };
}

async function main(): Promise<number> {
  if (process.platform !== 'linux') {
    console.error('This benchmark reads /proc and runs on Linux only.');
    return 2;
  }
  mkdirSync(resultFolder, { recursive: true });
  const tree = startChild(ownProgram('tree-host', 50));
  try {
    await tree.nextLine();
    const pids = listTree(tree.pid);
    const native = findNative();
    const readOurs = createOurs(pids, native);
    const readBare = createBare(pids);
    if (readBare === null) console.log('There is no C compiler (cc) here, so the floor is n/a.');
    readOurs();
    const ours: Prices[] = [];
    const bare: Prices[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(readOurs());
      bare.push(readBare?.() ?? { statNs: Number.NaN, clockNs: Number.NaN });
    }
    const results = (['stat', 'clock'] as const).map((what) => {
      const key = `${what}Ns` as const;
      const ratio = spreadOf(
        ours.map((prices, round) => prices[key] / (bare[round]?.[key] ?? Number.NaN)),
      ).median;
      const verdict = Number.isNaN(ratio) ? 'not measured' : ratio <= targets[what] ? 'met' : 'missed';
      const oursNs = spreadOf(ours.map((prices) => prices[key])).median;
      const bareNs = spreadOf(bare.map((prices) => prices[key])).median;
      return { what, oursNs, bareNs, ratio, target: targets[what], verdict };
    });
    console.log(
      `CPU of one reading of one process of ${pids.length}, median of ${rounds} interleaved rounds; ` +
        `stat files are read and parsed ${native === null ? 'in JavaScript' : 'by native code'}\n`,
    );
    console.log(
      drawTable(
        ['', 'ours, µs', 'C, µs', 'ours/C', 'at most', ''],
        results.map(({ what, oursNs, bareNs, ratio, target, verdict }) => [
          what === 'stat' ? 'stat file' : 'CPU clock',
          showNumber(oursNs / 1000),
          showNumber(bareNs / 1000),
          showNumber(ratio),
          showNumber(target),
          verdict,
        ]),
      ),
    );
    const path = join(resultFolder, 'bench-hot-loop.json');
    writeFileSync(path, `${JSON.stringify({ results, ours, bare }, null, 2)}\n`);
    console.log(`\nWritten to ${path}.`);
    return 0;
  } finally {
    await tree.stop();
  }
}

process.exitCode = await main();
