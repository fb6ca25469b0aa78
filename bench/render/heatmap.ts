import { once } from 'node:events';
import { orderOfRound } from '../support/rounds.ts';
import { spreadOf } from '../support/statistics.ts';
import { showNumber } from '../support/table.ts';
import { drawingCpuMs, forgetPeak, mainThreadCpuMs, peakRssBytes, sleep } from './cost.ts';
import { targets, variants, type Case, type Line, type PageFigures, type Variant } from './plan.ts';
import { ask, coloursOf, feedWindow, openWindow } from './windows.ts';

/** ECharts needs seconds for one update of 256 x 3600: it gets as long as two take. */
const leastUpdates = 2;
const mostMs = 60_000;
const warmUpMs = 2_000;

export interface Effort {
  readonly rounds: number;
  readonly measureMs: number;
}

interface Figures extends PageFigures {
  readonly hz: number;
  readonly mainMs: number;
  readonly allMs: number;
  readonly rssBytes: number;
  /** Colours among the picture's points: a blank one has few. */
  readonly colours: number;
}

type Rounds = Readonly<Record<Variant, Figures[]>>;

export function nameOf({ cores, columns, hz, devicePixelRatio, mode }: Case): string {
  const scale = devicePixelRatio === 1 ? '' : ` at pixel ratio ${devicePixelRatio}`;
  return `${cores} ${mode === 'lines' ? 'lines ' : ''}x ${columns} at ${hz} Hz${scale}`;
}

/** Draws the heatmap with our timeline and with ECharts' own series, a fresh renderer each, in turns. */
export async function measureHeatmap(one: Case, { rounds, measureMs }: Effort): Promise<Line[]> {
  const measured: Rounds = { idle: [], ours: [], echarts: [] };
  const contestants = one.aim.kind === 'ratio' ? variants : variants.filter((each) => each !== 'echarts');
  // Without ECharts there is no ratio to be spread by who is at work beside them.
  const turns = one.aim.kind === 'ratio' ? rounds : Math.min(2, rounds);
  for (let round = 0; round < turns; round += 1) {
    for (const variant of orderOfRound(contestants, round)) {
      measured[variant].push(await measure(variant, one, measureMs));
    }
  }
  return linesOf(one, measured);
}

async function measure(variant: Variant, one: Case, measureMs: number): Promise<Figures> {
  const { cores, columns, hz, mode, devicePixelRatio } = one;
  const window = await openWindow({ show: variant, cores, columns, mode });
  const kind = variant === 'ours' ? 'frames' : 'shares';
  const feeder = variant === 'idle' ? null : feedWindow(window, { kind, cores, columns, hz });
  if (feeder !== null) await once(feeder, 'message');
  await sleep(warmUpMs);
  const pid = window.webContents.getOSProcessId();
  await ask(window, 'begin()');
  forgetPeak(pid);
  const before = { main: mainThreadCpuMs(pid), all: drawingCpuMs(feeder?.pid), atMs: performance.now() };
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
  if (figures.devicePixelRatio !== devicePixelRatio) {
    throw new Error(`the page has a pixel ratio of ${figures.devicePixelRatio}, not of ${devicePixelRatio}`);
  }
  const after = { main: mainThreadCpuMs(pid), all: drawingCpuMs(feeder?.pid), atMs: performance.now() };
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

function linesOf(one: Case, measured: Rounds): Line[] {
  const name = nameOf(one);
  const median = (variant: Variant, pick: (figures: Figures) => number): number =>
    spreadOf(measured[variant].map(pick)).median;
  const lines: Line[] = [];
  const add = (what: string, target: string, value: string, isMet: boolean): void => {
    lines.push({ what: `${name}: ${what}`, target, measured: value, isMet });
  };
  const atMost = (what: string, most: number, value: number, unit: string): void =>
    add(what, `<= ${most} ${unit}`, `${showNumber(value)} ${unit}`, value <= most);
  const mainMs = median('ours', (figures) => figures.mainMs);
  const idleMs = median('idle', (figures) => figures.mainMs);
  if (one.aim.kind === 'ratio') {
    const { least } = one.aim;
    const ratio = spreadOf(
      measured.ours.map((ours, round) => (measured.echarts[round]?.mainMs ?? Number.NaN) / ours.mainMs),
    ).median;
    const theirs = median('echarts', (figures) => figures.mainMs);
    const what = `main thread (${showNumber(mainMs)} ms, idle ${showNumber(idleMs)}, ECharts ${showNumber(theirs)})`;
    add(what, `<= 1/${least}`, `1/${showNumber(ratio)}`, ratio >= least);
  } else if (one.aim.kind === 'main') {
    atMost(`main thread (idle ${showNumber(idleMs)} ms)`, one.aim.mostMs, mainMs, 'ms');
  } else {
    const hz = median('ours', (figures) => figures.hz);
    add('pictures a second', `>= ${targets.leastHz}`, showNumber(hz), hz >= targets.leastHz);
    const late = median('ours', ({ heartbeatP95Ms }) => heartbeatP95Ms);
    const idleLate = median('idle', ({ heartbeatP95Ms }) => heartbeatP95Ms);
    atMost(`heartbeat p95 (idle ${showNumber(idleLate)} ms)`, targets.heartbeatP95Ms, late, 'ms');
    const longTasks = median('ours', (figures) => figures.longTasks);
    add('long tasks', '0', String(longTasks), longTasks === 0);
  }
  if (one.aim.kind === 'ratio') {
    atMost(
      `all processes (idle ${showNumber(median('idle', ({ allMs }) => allMs))} ms)`,
      targets.allProcessesMs,
      median('ours', ({ allMs }) => allMs),
      'ms',
    );
    const overIdle = median('ours', ({ rssBytes }) => rssBytes) - median('idle', ({ rssBytes }) => rssBytes);
    atMost('renderer over idle', targets.rssOverIdleBytes / 1e6, overIdle / 1e6, 'MB');
  }
  const colours = Math.min(...measured.ours.map((figures) => figures.colours));
  const leastColours = one.mode === 'lines' ? 20 : 100;
  add('colours in the picture', `>= ${leastColours}`, String(colours), colours >= leastColours);
  return lines;
}
