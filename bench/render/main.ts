import { spawn } from 'node:child_process';
import { app, screen } from 'electron';
import { drawTable } from '../support/table.ts';
import { measureDay } from './day.ts';
import { measureHeatmap, nameOf, type Effort } from './heatmap.ts';
import { cases, type Case, type Line } from './plan.ts';
import { measureReplay } from './replay.ts';
import { measureStart } from './start.ts';
import { measureTree } from './tree.ts';

/**
 * Draws what the app draws in the real Electron, and prints what it costs: CPU from the kernel, not time in scripts.
 * `--quick` measures once and briefly, `--case TEXT` only what has the text in its name; may be given several times.
 */
const isQuick = process.argv.includes('--quick');
const effort: Effort = isQuick ? { rounds: 1, measureMs: 4_000 } : { rounds: 3, measureMs: 8_000 };
const wanted = process.argv.flatMap((word, at) =>
  word === '--case' ? [(process.argv[at + 1] ?? '').toLowerCase()] : [],
);

const subjects: readonly { readonly name: string; readonly measure: () => Promise<Line[]> }[] = [
  ...cases.map((one) => ({ name: nameOf(one), measure: () => measureOnItsScreen(one) })),
  { name: 'a day of 64 cores', measure: measureDay },
  { name: '24 h replayed', measure: () => measureReplay(isQuick ? 3 : 24) },
  { name: 'start to the first column', measure: () => measureStart(isQuick ? 3 : 7) },
  { name: 'tree of 5000 processes', measure: measureTree },
];

/** A pixel ratio is that of a whole Electron: what only one page is told changes neither its layers nor its canvas. */
async function measureOnItsScreen(one: Case): Promise<Line[]> {
  if (screen.getPrimaryDisplay().scaleFactor === one.devicePixelRatio) return measureHeatmap(one, effort);
  const switches = [`--force-device-scale-factor=${one.devicePixelRatio}`];
  if (app.commandLine.hasSwitch('no-sandbox')) switches.push('--no-sandbox');
  const [, benchFile = ''] = process.argv.filter((word) => !word.startsWith('--'));
  const words = [...switches, benchFile, '--case', nameOf(one), '--lines', ...(isQuick ? ['--quick'] : [])];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  const found = /^lines (.*)$/m.exec(said)?.[1];
  if (found === undefined) throw new Error(`${nameOf(one)} ended with ${String(code)} and has said nothing`);
  // Written by this very file.
  return JSON.parse(found) as Line[];
}

async function main(): Promise<void> {
  const chosen = subjects.filter(
    ({ name }) => wanted.length === 0 || wanted.some((text) => name.toLowerCase().includes(text)),
  );
  if (chosen.length === 0) {
    console.error(`No case has that in its name. There are:\n${subjects.map(({ name }) => name).join('\n')}`);
    app.exit(2);
    return;
  }
  const lines: Line[] = [];
  for (const { name, measure } of chosen) {
    const fromMs = performance.now();
    lines.push(...(await measure()));
    console.error(`${name}: measured in ${Math.round((performance.now() - fromMs) / 1000)} s`);
  }
  if (process.argv.includes('--lines')) {
    console.log(`lines ${JSON.stringify(lines)}`);
    app.exit(0);
    return;
  }
  const machine = `Electron ${process.versions.electron}, median of ${effort.rounds} rounds of ${effort.measureMs / 1000} s`;
  const table = lines.map(({ what, target, measured, isMet }) => [
    what,
    target,
    measured,
    isMet ? 'met' : 'missed',
  ]);
  console.log(`${machine}\n\n${drawTable(['what', 'target', 'measured', ''], table)}`);
  app.exit(0);
}

app.on('window-all-closed', () => undefined);
app
  .whenReady()
  .then(main)
  .catch((error: unknown) => {
    console.error(error);
    app.exit(1);
  });
