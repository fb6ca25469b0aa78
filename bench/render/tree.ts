import { spreadOf } from '../support/statistics.ts';
import { showNumber } from '../support/table.ts';
import { mainThreadCpuMs } from './cost.ts';
import { targets, type Line, type TreeFigures } from './plan.ts';
import { ask, openWindow } from './windows.ts';

const ticksPerTurn = 20;
const warmUpTurns = 3;
const tickTurns = 5;

/** The table of 5 000 processes, a tenth of them changing twice a second. */
export async function measureTree(): Promise<Line[]> {
  const window = await openWindow({ show: 'tree' });
  const pid = window.webContents.getOSProcessId();
  const tickCpuMs = async (): Promise<number> => {
    const ticks = await ask<number>(window, `prepare(${ticksPerTurn})`);
    const beforeMs = mainThreadCpuMs(pid);
    await ask<number>(window, 'runTicks()');
    return (mainThreadCpuMs(pid) - beforeMs) / ticks;
  };
  const medianTickMs = async (isSorted: boolean): Promise<number> => {
    await ask<number>(window, `sortByCpu(${isSorted})`);
    // The first are for the compiler, and for what is only made once.
    for (let turn = 0; turn < warmUpTurns; turn += 1) await tickCpuMs();
    const turns: number[] = [];
    for (let turn = 0; turn < tickTurns; turn += 1) turns.push(await tickCpuMs());
    return spreadOf(turns).median;
  };
  const sortedTickMs = await medianTickMs(true);
  const tickMs = await medianTickMs(false);
  const { rows, elements, sortMs, filterMs, firstRows } = await ask<TreeFigures>(window, 'measureTree()');
  window.destroy();
  const [first = '', ...secondRows] = firstRows;
  const line = (what: string, most: number, ms: number): Line => ({
    what: `tree of ${rows} processes: ${what}`,
    target: `<= ${most} ms`,
    measured: `${showNumber(ms)} ms`,
    isMet: ms <= most,
  });
  return [
    line('tick', targets.treeTickMs, tickMs),
    line('tick, sorted by CPU', targets.treeTickMs, sortedTickMs),
    line('sort to painted', targets.treeToPaintedMs, sortMs),
    line('filter to painted', targets.treeToPaintedMs, filterMs),
    {
      what: `tree of ${rows} processes: rows that exist`,
      target: '20 to 80',
      measured: String(elements),
      isMet: elements >= 20 && elements <= 80 && first.includes('init') && new Set(secondRows).size > 1,
    },
  ];
}
