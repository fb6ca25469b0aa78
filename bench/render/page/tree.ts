import { mount } from 'svelte';
import type { WorkerInfo } from '../../../src/shared/experiment-event.ts';
import { ExperimentState } from '../../../src/renderer/state/experiment.svelte.ts';
import { LiveState } from '../../../src/renderer/state/live.svelte.ts';
import { discarder } from '../../../src/renderer/lib/drawing-worker.ts';
import TreePanel from '../../../src/renderer/views/tree/TreePanel.svelte';
import '../../../src/renderer/theme.css';
import { crowdOf } from '../crowd.ts';
import type { TreeFigures } from '../plan.ts';
import type { CrowdOrder } from './crowd-maker.ts';

const processes = 5_000;
const repeats = 11;
/** The same each time, as the app's session has them. */
const noWorkers: readonly WorkerInfo[] = [];
const letters = ['4', '42', '4', '', '99', '', 'job-1', '', '7', '77', ''];

interface TreeQuestions {
  /** Makes the next ticks' frames, and nothing of them is shown. */
  readonly prepare: (ticks: number) => Promise<number>;
  /** Has them come one after the other, each laid out and painted before the next one comes. */
  readonly runTicks: () => Promise<number>;
  /** Puts the greatest CPU on top, or the rows back where they were. */
  readonly sortByCpu: (isSorted: boolean) => Promise<number>;
  readonly measureTree: () => Promise<TreeFigures>;
}

/** The table of processes on its own, as the app's views have it. */
export function showTree(target: HTMLElement): TreeQuestions {
  document.documentElement.dataset['theme'] = 'dark';
  target.style.display = 'grid';
  const live = new LiveState();
  mount(TreePanel, {
    target,
    props: { live, experiment: new ExperimentState(), onCopy: () => Promise.resolve(null) },
  });
  live.receiveEntities({ type: 'entities', appeared: crowdOf(processes), goneKeys: [] });
  // As in the app: frames come from a worker, and go back to it.
  const maker = new Worker(new URL('./crowd-maker.ts', import.meta.url), { type: 'module' });
  const discard = discarder(maker);
  let ticks = 0;
  const answer = <Answer>(order: CrowdOrder): Promise<Answer> =>
    new Promise((resolve) => {
      maker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
      maker.postMessage(order);
    });
  return {
    prepare: async (count) => {
      ticks = await answer<number>({ processes, count });
      return ticks;
    },
    runTicks: async () => {
      for (let tick = 0; tick < ticks; tick += 1) {
        const buffer = await answer<ArrayBuffer>('next');
        discard(live.receiveFrames([buffer], noWorkers));
        await painted();
      }
      return ticks;
    },
    sortByCpu: async (isSorted) => {
      const heading = headingOf(target, 'CPU');
      const isDone = (): boolean => heading.closest('[aria-sort="descending"]') !== null;
      const clicks = isDone() === isSorted ? 0 : isSorted ? 1 : 2;
      for (let click = 0; click < clicks; click += 1) heading.click();
      await painted();
      if (isDone() !== isSorted) throw new Error('the table is not in the order that was asked for');
      return clicks;
    },
    measureTree: () => measureTree(target, live),
  };
}

/** After the next repaint, as far as the page itself is concerned. */
function painted(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
}

function headingOf(target: HTMLElement, label: string): HTMLElement {
  const heading = [...target.querySelectorAll<HTMLElement>('[role="columnheader"] button')].find((button) =>
    button.textContent.trim().startsWith(label),
  );
  if (heading === undefined) throw new Error(`the table has no heading ${label}`);
  return heading;
}

async function measureTree(target: HTMLElement, live: LiveState): Promise<TreeFigures> {
  const untilPainted = async (change: () => void): Promise<number> => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const fromMs = performance.now();
    change();
    await painted();
    return performance.now() - fromMs;
  };
  const firstRow = (): string =>
    target.querySelector('[data-testid="run-tree"] [role="row"]:nth-of-type(1)')?.textContent ?? '';

  const elements = target.querySelectorAll('[data-testid="run-tree"] [role="row"]').length;

  const heading = headingOf(target, 'CPU');
  const search = target.querySelector<HTMLInputElement>('input[type="search"]');
  if (search === null) throw new Error('the table has no filter');
  const second = (): string =>
    [...target.querySelectorAll('[data-testid="run-tree"] [role="row"]')][1]?.textContent ?? '';
  const first = firstRow();
  const secondRows = [second()];
  const sortMs: number[] = [];
  for (let turn = 0; turn < repeats; turn += 1) {
    sortMs.push(await untilPainted(() => heading.click()));
    // Downwards and upwards: one of the two is another order than the first.
    if (turn < 2) secondRows.push(second());
  }
  const filterMs: number[] = [];
  for (const text of letters) {
    filterMs.push(
      await untilPainted(() => {
        search.value = text;
        search.dispatchEvent(new Event('input', { bubbles: true }));
      }),
    );
  }
  return {
    rows: live.runTree.rowCount,
    elements,
    sortMs: quantile(sortMs, 0.5),
    filterMs: quantile(filterMs, 0.5),
    firstRows: [first, ...secondRows],
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}
