import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app } from 'electron';
import { orderOfRound } from '../support/rounds.ts';
import { spreadOf } from '../support/statistics.ts';
import { showNumber } from '../support/table.ts';
import { targets, type Line } from './plan.ts';

const here = dirname(fileURLToPath(import.meta.url));
const builtApp = join(dirname(here), 'main', 'index.js');
const startees = ['empty', 'app'] as const;
const mostMs = 60_000;

/** From the start of the process to the first column of the heatmap, beside an Electron that opens one empty window. */
export async function measureStart(rounds: number): Promise<Line[]> {
  const what = 'start to the first column of the heatmap';
  const target = `<= ${targets.startRatio} x an empty window`;
  if (!existsSync(builtApp)) return [{ what, target, measured: 'n/a: npm run build', isMet: false }];
  const measured: Record<(typeof startees)[number], number[]> = { empty: [], app: [] };
  // The first of each brings its files into the system's cache.
  for (const each of startees) await timeStart(each);
  for (let round = 0; round < rounds; round += 1) {
    for (const each of orderOfRound(startees, round)) measured[each].push(await timeStart(each));
  }
  const ratio = spreadOf(measured.app.map((ms, round) => ms / (measured.empty[round] ?? Number.NaN))).median;
  const inMs = (each: (typeof startees)[number]): string => showNumber(spreadOf(measured[each]).median);
  return [
    {
      what: `${what} (${inMs('app')} ms, empty window ${inMs('empty')} ms)`,
      target,
      measured: `${showNumber(ratio)} x`,
      isMet: ratio <= targets.startRatio,
    },
  ];
}

/** Milliseconds until the child says that it has painted. It says when that was: how late we hear of it is nothing. */
async function timeStart(startee: (typeof startees)[number]): Promise<number> {
  const profile = mkdtempSync(join(tmpdir(), 'corescope-start-'));
  const switches = app.commandLine.hasSwitch('no-sandbox') ? ['--no-sandbox'] : [];
  const entry = join(here, `start-${startee}.js`);
  const beganMs = Date.now();
  const child = spawn(process.execPath, [...switches, `--user-data-dir=${profile}`, entry], {
    env: { ...process.env, XDG_DATA_HOME: profile },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const paintedMs = await new Promise<number>((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const found = /^painted (\d+)$/m.exec(said);
        if (found !== null) resolve(Number(found[1]));
      });
      child.once('exit', () => reject(new Error(`start-${startee} ended without having painted: ${said}`)));
      setTimeout(
        () => reject(new Error(`start-${startee} has painted nothing for a minute`)),
        mostMs,
      ).unref();
    });
    return paintedMs - beganMs;
  } finally {
    const hasEnded = child.exitCode !== null || new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await hasEnded;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
