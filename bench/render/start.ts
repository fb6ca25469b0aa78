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
/** Code is kept from the second time on that it is met. */
const startsBefore = 3;

/** From the start of the process to the first column of the heatmap, beside an Electron that opens one empty window. */
export async function measureStart(rounds: number): Promise<Line[]> {
  const what = 'start to the first column of the heatmap';
  const target = `<= ${targets.startRatio} x an empty window`;
  if (!existsSync(builtApp)) return [{ what, target, measured: 'n/a: npm run build', isMet: false }];
  // A profile of each one's own, kept from start to start: what an Electron keeps of a page's code is part of starting.
  const profiles = mkdtempSync(join(tmpdir(), 'corescope-start-'));
  const measured: Record<(typeof startees)[number], number[]> = { empty: [], app: [] };
  // The first of each bring its files into the system's cache, and its code into its own.
  for (const each of startees)
    for (let start = 0; start < startsBefore; start += 1) await timeStart(each, profiles);
  for (let round = 0; round < rounds; round += 1) {
    for (const each of orderOfRound(startees, round)) measured[each].push(await timeStart(each, profiles));
  }
  rmSync(profiles, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
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
async function timeStart(startee: (typeof startees)[number], profiles: string): Promise<number> {
  const profile = join(profiles, startee);
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
  }
}
