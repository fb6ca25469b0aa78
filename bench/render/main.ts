import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, MessageChannelMain, utilityProcess, type UtilityProcess } from 'electron';
import { orderOfRound } from '../support/rounds.ts';
import { spreadOf } from '../support/statistics.ts';
import { drawTable, showNumber } from '../support/table.ts';
import {
  cases,
  targets,
  variants,
  type Case,
  type DayRedraw,
  type FeederOrder,
  type PageFigures,
  type Variant,
} from './plan.ts';

/**
 * Draws the heatmap with our timeline and with ECharts' own series, a fresh renderer each, in turns, and prints what
 * an update costs: CPU from the kernel, not time in scripts. `--quick` measures once and briefly, `--day` only
 * the history.
 */
const isQuick = process.argv.includes('--quick');
const isDayOnly = process.argv.includes('--day');
const rounds = isQuick ? 1 : 3;
const measureMs = isQuick ? 4_000 : 10_000;
/** ECharts needs seconds for one update of 256 x 3600: it gets as long as two take. */
const leastUpdates = 2;
const mostMs = 60_000;
const warmUpMs = 2_000;
const here = dirname(fileURLToPath(import.meta.url));
const pageFile = join(here, 'page', 'index.html');
const daySpansMs = [60_000, 600_000, 3_600_000, 6 * 3_600_000, 24 * 3_600_000];

interface Figures extends PageFigures {
  readonly hz: number;
  readonly mainMs: number;
  readonly allMs: number;
  readonly rssBytes: number;
  /** Colours among the picture's points: a blank one has few. */
  readonly colours: number;
}

/** CPU in ms that a thread has used, or all threads of a process. */
function cpuMs(path: string): number {
  try {
    const [ns] = readFileSync(`${path}/schedstat`, 'utf8').split(' ');
    return Number(ns) / 1e6;
  } catch {
    // It ended while it was looked at.
    return 0;
  }
}

function processCpuMs(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).reduce((sum, tid) => sum + cpuMs(`${tasks}/${tid}`), 0);
}

/** The renderer itself, and what works for it: all processes of this Electron but the one that makes the samples. */
function drawingCpuMs(feederPid: number | undefined): number {
  return app.getAppMetrics().reduce((sum, { pid }) => (pid === feederPid ? sum : sum + processCpuMs(pid)), 0);
}

function workerCpuMs(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).reduce((sum, tid) => {
    const name = readFileSync(`${tasks}/${tid}/comm`, 'utf8');
    return name.startsWith('DedicatedWorker') ? sum + cpuMs(`${tasks}/${tid}`) : sum;
  }, 0);
}

function peakRssBytes(pid: number): number {
  const kibibytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kibibytes) * 1024;
}

/** What filling the history took at once is over: the peak is that of drawing live. */
function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

type PageVariant = Variant | 'day';

async function openWindow(
  variant: PageVariant,
  { cores, columns, hz, devicePixelRatio }: Omit<Case, 'leastRatio'>,
): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    width: 1480,
    height: 900,
    webPreferences: { backgroundThrottling: false, preload: join(here, 'page', 'preload.cjs') },
  });
  if (devicePixelRatio !== 1) {
    window.webContents.enableDeviceEmulation({
      screenPosition: 'desktop',
      screenSize: { width: 0, height: 0 },
      viewPosition: { x: 0, y: 0 },
      viewSize: { width: 0, height: 0 },
      deviceScaleFactor: devicePixelRatio,
      scale: 1,
    });
  }
  const query = { variant, cores: String(cores), columns: String(columns), hz: String(hz) };
  await window.loadFile(pageFile, { query });
  return window;
}

/** The samples' process, connected to the page; an idle page has none. */
function feedWindow(
  window: BrowserWindow,
  variant: Variant,
  { cores, columns, hz }: Case,
): UtilityProcess | null {
  if (variant === 'idle') return null;
  const feeder = utilityProcess.fork(join(here, 'feeder.js'), [], { serviceName: 'samples' });
  const { port1, port2 } = new MessageChannelMain();
  const order: FeederOrder = { kind: variant === 'ours' ? 'frames' : 'shares', cores, columns, hz };
  feeder.postMessage(order, [port1]);
  window.webContents.postMessage('samples', null, [port2]);
  return feeder;
}

async function ask<Answer>(window: BrowserWindow, question: string): Promise<Answer> {
  // The page is ours and built with this file: what it answers has the type that it is asked for.
  return (await window.webContents.executeJavaScript(`window.bench.${question}`)) as Answer;
}

async function coloursOf(window: BrowserWindow): Promise<number> {
  const picture = (await window.webContents.capturePage()).toBitmap();
  const colours = new Set<number>();
  for (let at = 0; at + 4 <= picture.length; at += 4 * 97) colours.add(picture.readUInt32LE(at));
  return colours.size;
}

async function measure(variant: Variant, one: Case): Promise<Figures> {
  const window = await openWindow(variant, one);
  const feeder = feedWindow(window, variant, one);
  if (feeder !== null) await once(feeder, 'message');
  await sleep(warmUpMs);
  const pid = window.webContents.getOSProcessId();
  const mainThread = `/proc/${pid}/task/${pid}`;
  await ask(window, 'begin()');
  forgetPeak(pid);
  const before = { main: cpuMs(mainThread), all: drawingCpuMs(feeder?.pid), atMs: performance.now() };
  await sleep(measureMs);
  if (variant === 'echarts') {
    while (
      (await ask<number>(window, 'updates()')) < leastUpdates &&
      performance.now() - before.atMs < mostMs
    ) {
      await sleep(200);
    }
  }
  const figures = await ask<PageFigures>(window, 'figures()');
  const after = { main: cpuMs(mainThread), all: drawingCpuMs(feeder?.pid), atMs: performance.now() };
  const rssBytes = peakRssBytes(pid);
  const colours = await coloursOf(window);
  window.destroy();
  feeder?.kill();
  const seconds = (after.atMs - before.atMs) / 1000;
  // An idle page has no updates: it is charged per tick that the others are sent.
  const updates = variant === 'idle' ? seconds * one.hz : figures.updates;
  return {
    ...figures,
    hz: figures.updates / seconds,
    mainMs: (after.main - before.main) / updates,
    allMs: (after.all - before.all) / updates,
    rssBytes,
    colours,
  };
}

type Rounds = Readonly<Record<Variant, Figures[]>>;

function verdict(isMet: boolean): string {
  return isMet ? 'met' : 'missed';
}

function nameOf({ cores, columns, hz, devicePixelRatio }: Case): string {
  const scale = devicePixelRatio === 1 ? '' : ` at pixel ratio ${devicePixelRatio}`;
  return `${cores} x ${columns} at ${hz} Hz${scale}`;
}

function linesOf(one: Case, measured: Rounds): string[][] {
  const name = nameOf(one);
  const median = (variant: Variant, pick: (figures: Figures) => number): number =>
    spreadOf(measured[variant].map(pick)).median;
  const lines: string[][] = [];
  const add = (what: string, target: string, value: string, isMet: boolean): void => {
    lines.push([`${name}: ${what}`, target, value, verdict(isMet)]);
  };
  if (one.leastRatio !== null) {
    const ratio = spreadOf(
      measured.ours.map(({ mainMs }, round) => (measured.echarts[round]?.mainMs ?? Number.NaN) / mainMs),
    ).median;
    const ours = median('ours', ({ mainMs }) => mainMs);
    const theirs = median('echarts', ({ mainMs }) => mainMs);
    add(
      `main thread (${showNumber(ours)} ms, ECharts ${showNumber(theirs)} ms)`,
      `<= 1/${one.leastRatio}`,
      `1/${showNumber(ratio)}`,
      ratio >= one.leastRatio,
    );
    const all = median('ours', ({ allMs }) => allMs);
    add(
      'all processes',
      `<= ${targets.allProcessesMs} ms`,
      `${showNumber(all)} ms`,
      all <= targets.allProcessesMs,
    );
  } else {
    const hz = median('ours', (figures) => figures.hz);
    add('pictures a second', `>= ${targets.leastHz}`, showNumber(hz), hz >= targets.leastHz);
    const late = median('ours', ({ heartbeatP95Ms }) => heartbeatP95Ms);
    add(
      'heartbeat p95',
      `<= ${targets.heartbeatP95Ms} ms`,
      `${showNumber(late)} ms`,
      late <= targets.heartbeatP95Ms,
    );
    const longTasks = median('ours', (figures) => figures.longTasks);
    add('long tasks', '0', String(longTasks), longTasks === 0);
  }
  const overIdle = median('ours', ({ rssBytes }) => rssBytes) - median('idle', ({ rssBytes }) => rssBytes);
  add(
    'renderer over idle',
    `<= ${targets.rssOverIdleBytes / 1e6} MB`,
    `${showNumber(overIdle / 1e6)} MB`,
    overIdle <= targets.rssOverIdleBytes,
  );
  const colours = Math.min(...measured.ours.map((figures) => figures.colours));
  add('colours in the picture', '>= 100', String(colours), colours >= 100);
  return lines;
}

/** CPU of the drawing thread, per redraw: the wall's time would count who else is at work. */
async function dayLines(): Promise<string[][]> {
  const window = await openWindow('day', { cores: 1, columns: 1, hz: 1, devicePixelRatio: 1 });
  const pid = window.webContents.getOSProcessId();
  const historyBytes = await ask<number>(window, "askDay('fill')");
  const lines = [
    [
      'a day of 64 cores: memory',
      `<= ${targets.historyBytes / 1e6} MB`,
      `${showNumber(historyBytes / 1e6)} MB`,
      verdict(historyBytes <= targets.historyBytes),
    ],
  ];
  for (const spanMs of daySpansMs) {
    // The first time is for the compiler.
    await ask<DayRedraw>(window, `askDay(${spanMs})`);
    const beforeMs = workerCpuMs(pid);
    const { repeats, peakIsSeen } = await ask<DayRedraw>(window, `askDay(${spanMs})`);
    const redrawMs = (workerCpuMs(pid) - beforeMs) / repeats;
    lines.push([
      `a day of 64 cores: redraw of ${spanMs / 60_000} min`,
      `<= ${targets.redrawMs} ms`,
      `${showNumber(redrawMs)} ms${peakIsSeen ? '' : ', peak lost'}`,
      verdict(redrawMs <= targets.redrawMs && peakIsSeen),
    ]);
  }
  window.destroy();
  return lines;
}

async function main(): Promise<void> {
  const lines: string[][] = [];
  for (const one of isDayOnly ? [] : cases) {
    const measured: Rounds = { idle: [], ours: [], echarts: [] };
    const contestants = one.leastRatio === null ? variants.slice(0, 2) : variants;
    for (let round = 0; round < rounds; round += 1) {
      for (const variant of orderOfRound(contestants, round)) {
        measured[variant].push(await measure(variant, one));
      }
    }
    lines.push(...linesOf(one, measured));
    console.error(`${nameOf(one)} is measured`);
  }
  lines.push(...(await dayLines()));
  const machine = `Electron ${process.versions.electron}, median of ${rounds} rounds of ${measureMs / 1000} s`;
  console.log(`${machine}\n\n${drawTable(['what', 'target', 'measured', ''], lines)}`);
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
