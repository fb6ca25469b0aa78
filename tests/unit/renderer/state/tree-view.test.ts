import { describe, expect, it } from 'vitest';
import { LiveState } from '../../../../src/renderer/state/live.svelte.ts';
import { columnOf, rowName } from '../../../../src/renderer/state/tree-columns.ts';
import { TreeView } from '../../../../src/renderer/state/tree-view.svelte.ts';
import type { WorkerInfo } from '../../../../src/shared/experiment-event.ts';
import { encodeFrame } from '../../../../src/shared/frame-codec.ts';
import { drawnEntities, drawnRows } from '../../../support/drawn-tree.ts';

const noWorkers: readonly WorkerInfo[] = [];

/** A table of a make, its compilers, and Corescope itself. */
function table() {
  const live = new LiveState();
  const appeared = [
    ...drawnEntities(`
      1 process 10 - run       make
      2 process 11 1 run       cc
      3 process 12 1 run       ld
      9 process 90 - corescope electron
    `).values(),
  ];
  live.receiveEntities({ type: 'entities', appeared, goneKeys: [] });
  const view = new TreeView(live);
  return {
    live,
    view,
    show: (rows: string) => live.receiveFrames([encodeFrame(drawnRows(rows))], noWorkers),
    names: () => view.lines.all().map(({ node }) => rowName(node)),
  };
}

function sortByCpu(view: TreeView): void {
  const cpu = columnOf('cpu');
  if (cpu === undefined) throw new Error('there is a column for CPU');
  view.sortBy(cpu);
}

const quietLd = '1 0.1 5 5\n2 0.6 5 5\n3 0.2 5 5\n9 0.3 5 5';
const busyLd = '1 0.1 5 5\n2 0.6 5 5\n3 0.9 5 5\n9 0.3 5 5';

describe('the table of processes', () => {
  it('keeps its very lines when only numbers change, and makes others when rows or places do', () => {
    const { view, show, names } = table();
    show(quietLd);
    const first = view.lines;
    show(busyLd);
    expect(view.lines).toBe(first);
    expect(view.copiedLines().map(({ node, frame }) => frame.cpuShare[node.row])).toEqual([0.1, 0.6, 0.9]);
    sortByCpu(view);
    expect(names()).toEqual(['make', 'ld', 'cc']);
    const sorted = view.lines;
    show(busyLd);
    expect(view.lines).toBe(sorted);
    show(quietLd);
    expect(names()).toEqual(['make', 'cc', 'ld']);
    show('1 0.1 5 5\n3 0.2 5 5');
    expect(names()).toEqual(['make', 'ld']);
  });

  it('holds the places of its rows while somebody points at them', () => {
    const { view, show, names } = table();
    show(quietLd);
    sortByCpu(view);
    view.holdOrder();
    show(busyLd);
    expect(names()).toEqual(['make', 'cc', 'ld']);
    view.releaseOrder();
    expect(names()).toEqual(['make', 'ld', 'cc']);
  });

  it('filters by what the numbers are now, and leaves lines alone that a new sample lets through again', () => {
    const { view, show, names } = table();
    show(quietLd);
    view.filterText = 'cpu>50';
    expect(names()).toEqual(['make', 'cc']);
    const before = view.lines;
    show('1 0.2 5 5\n2 0.7 5 5\n3 0.3 5 5\n9 0.3 5 5');
    expect(view.lines).toBe(before);
    show(busyLd);
    expect(names()).toEqual(['make', 'cc', 'ld']);
    view.filterText = '/^ *ld/';
    expect(names()).toEqual(['make', 'ld']);
    view.filterText = '';
    expect(names()).toEqual(['make', 'cc', 'ld']);
  });

  it('shows Corescope below the others where that is asked for, with the numbers of its own tree', () => {
    const { view, show, names } = table();
    show(quietLd);
    view.showOwn = true;
    expect(names()).toEqual(['make', 'cc', 'ld', 'electron']);
    const own = view.lines.at(3);
    expect(own?.depth).toBe(1);
    expect(view.copiedLines()[3]?.frame.cpuShare[own?.node.row ?? -1]).toBe(0.3);
  });

  it('closes a branch, is walked through by steps, and opens it again', () => {
    const { view, show, names } = table();
    show(quietLd);
    view.step(1);
    view.closeOrClimb();
    expect(names()).toEqual(['make']);
    view.openOrDescend();
    view.openOrDescend();
    expect(view.chosen?.node.entity.name).toBe('cc');
    view.closeOrClimb();
    expect(view.chosenIndex).toBe(0);
  });

  it('does nothing with new samples while it is hidden', () => {
    const { view, show } = table();
    show(quietLd);
    const shown = view.tree;
    view.widthPx = 0;
    show(busyLd);
    expect(view.tree).toBe(shown);
    view.widthPx = 800;
    expect(view.tree).not.toBe(shown);
  });
});
