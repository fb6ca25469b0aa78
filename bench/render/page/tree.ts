import { flushSync, mount } from 'svelte';
import { encodeFrame } from '../../../src/shared/frame-codec.ts';
import { ExperimentState } from '../../../src/renderer/state/experiment.svelte.ts';
import { LiveState } from '../../../src/renderer/state/live.svelte.ts';
import TreePanel from '../../../src/renderer/views/tree/TreePanel.svelte';
import '../../../src/renderer/theme.css';
import { crowdFrame, crowdOf } from '../crowd.ts';
import type { TreeFigures } from '../plan.ts';

const processes = 5_000;
const everyMs = 500;
const repeats = 11;
const letters = ['4', '42', '4', '', '99', '', 'job-1', '', '7', '77', ''];

interface TreeQuestions {
  /** Makes the next ticks' frames, and nothing of them is shown. */
  readonly prepare: (ticks: number) => number;
  /** Shows them one after the other, each laid out; painting comes after, as with every change. */
  readonly runTicks: () => number;
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
  const keys = Float64Array.from({ length: processes }, (_, index) => index + 1);
  let sequence = 0;
  let buffers: ArrayBuffer[] = [];
  let laidOutPx = 0;
  return {
    prepare: (ticks) => {
      buffers = Array.from({ length: ticks }, () => {
        sequence += 1;
        return encodeFrame(crowdFrame(keys, sequence, everyMs, Float64Array.of(0.5, 0.5)));
      });
      return buffers.length;
    },
    runTicks: () => {
      for (const buffer of buffers) {
        live.receiveFrames([buffer], []);
        flushSync();
        laidOutPx += target.offsetHeight;
      }
      if (laidOutPx === 0) throw new Error('the table has no height');
      return buffers.length;
    },
    measureTree: () => measureTree(target, live),
  };
}

async function measureTree(target: HTMLElement, live: LiveState): Promise<TreeFigures> {
  const painted = async (change: () => void): Promise<number> => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const fromMs = performance.now();
    change();
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
    return performance.now() - fromMs;
  };
  const firstRow = (): string =>
    target.querySelector('[data-testid="run-tree"] [role="row"]:nth-of-type(1)')?.textContent ?? '';

  const elements = target.querySelectorAll('[data-testid="run-tree"] [role="row"]').length;

  const heading = [...target.querySelectorAll<HTMLElement>('[role="columnheader"] button')].find((button) =>
    button.textContent.trim().startsWith('CPU'),
  );
  const search = target.querySelector<HTMLInputElement>('input[type="search"]');
  if (heading === undefined || search === null) throw new Error('the table has no heading or no filter');
  const second = (): string =>
    [...target.querySelectorAll('[data-testid="run-tree"] [role="row"]')][1]?.textContent ?? '';
  const first = firstRow();
  const secondRows = [second()];
  const sortMs: number[] = [];
  for (let turn = 0; turn < repeats; turn += 1) {
    sortMs.push(await painted(() => heading.click()));
    // Downwards and upwards: one of the two is another order than the first.
    if (turn < 2) secondRows.push(second());
  }
  const filterMs: number[] = [];
  for (const text of letters) {
    filterMs.push(
      await painted(() => {
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
