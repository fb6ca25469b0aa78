import { app } from 'electron';
import { drawTable } from '../support/table.ts';
import { measureDay } from './day.ts';
import { measureHeatmap, nameOf, type Effort } from './heatmap.ts';
import { cases, type Line } from './plan.ts';
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
  ...cases.map((one) => ({ name: nameOf(one), measure: () => measureHeatmap(one, effort) })),
  { name: 'a day of 64 cores', measure: measureDay },
  { name: '24 h replayed', measure: () => measureReplay(isQuick ? 3 : 24) },
  { name: 'start to the first column', measure: () => measureStart(isQuick ? 3 : 7) },
  { name: 'tree of 5000 processes', measure: measureTree },
];

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
