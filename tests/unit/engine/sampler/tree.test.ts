import { beforeEach, describe, expect, it } from 'vitest';
import { createProcessTree, type ProcessTree, type TreeChange } from '../../../../src/engine/sampler/tree.ts';
import { drawEntities, drawSystem } from './support/tree-drawing.ts';

let tree: ProcessTree;

function see(text: string): TreeChange {
  const { facts, describe } = drawSystem(text);
  return tree.update(facts, describe);
}

function alive(): string[] {
  return drawEntities(tree.nodes().map((node) => node.info));
}

beforeEach(() => {
  let lastKey = 0;
  tree = createProcessTree(() => ++lastKey);
});

describe('the process tree', () => {
  it('holds the watched root and all below it, and nothing beside it', () => {
    tree.watch({ pid: 10, owner: 'run' });
    see(`
      5 neighbour
      10 host
        20 worker
          30 helper
      40 stranger`);
    expect(alive()).toEqual([
      '1: 10 host run/10',
      '2: 20 worker run/10 under 1',
      '3: 30 helper run/10 under 2',
    ]);
  });

  it('tells each process once, and its end once', () => {
    tree.watch({ pid: 10, owner: 'run' });
    const first = see(`
      10 host
        20 worker`);
    const second = see(`
      10 host
        20 worker
        21 worker`);
    const third = see(`
      10 host
        21 worker`);
    expect(drawEntities(first.appeared)).toEqual(['1: 10 host run/10', '2: 20 worker run/10 under 1']);
    expect(drawEntities(second.appeared)).toEqual(['3: 21 worker run/10 under 1']);
    expect([first, second, third].map(({ goneKeys }) => goneKeys)).toEqual([[], [], [2]]);
    expect(third.goneNodes.map(({ pid }) => pid)).toEqual([20]);
  });

  it('cuts a run out of the tree of Corescope', () => {
    tree.watch({ pid: 10, owner: 'corescope' });
    tree.watch({ pid: 20, owner: 'run' });
    see(`
      10 corescope
        15 renderer
        20 host
          30 worker`);
    expect(alive()).toEqual([
      '1: 10 corescope corescope/10',
      '2: 15 renderer corescope/10 under 1',
      '3: 20 host run/20',
      '4: 30 worker run/20 under 3',
    ]);
  });

  it('gives new keys to what was shown as Corescope’s before it was known to be a run', () => {
    const text = `
      10 corescope
        20 host
          30 worker`;
    tree.watch({ pid: 10, owner: 'corescope' });
    see(text);
    const hostBefore = tree.find(20);
    tree.watch({ pid: 20, owner: 'run' });
    const change = see(text);
    expect(drawEntities(change.appeared)).toEqual(['4: 20 host run/20', '5: 30 worker run/20 under 4']);
    expect(change.goneKeys).toEqual([2, 3]);
    expect(change.goneNodes).toEqual([]);
    expect(tree.find(20)).toBe(hostBefore);
  });

  it('gives a run that is no longer watched back to the root above it', () => {
    const text = `
      10 corescope
        20 host`;
    tree.watch({ pid: 10, owner: 'corescope' });
    tree.watch({ pid: 20, owner: 'run' });
    see(text);
    tree.unwatch(20);
    expect(drawEntities(see(text).appeared)).toEqual(['3: 20 host corescope/10 under 1']);
  });

  it('lets go of a tree that is no longer watched', () => {
    tree.watch({ pid: 10, owner: 'run' });
    see(`
      10 host
        20 worker`);
    tree.unwatch(10);
    expect(see(`10 host`).goneKeys).toEqual([1, 2]);
    expect(tree.seeds()).toEqual([]);
  });

  it('keeps an orphan, and what it starts, after its parents and even the root have ended', () => {
    tree.watch({ pid: 10, owner: 'run' });
    see(`
      10 host
        20 shell
          30 daemon`);
    see(`
      10 host
      30 daemon
        40 child-of-daemon`);
    see(`
      30 daemon
        40 child-of-daemon`);
    expect(alive()).toEqual(['3: 30 daemon run/10 under 2', '4: 40 child-of-daemon run/10 under 3']);
    expect([...tree.seeds()].sort()).toEqual([10, 30, 40]);
  });

  it('keeps an orphan in its run when Corescope, as a container’s first process, adopts it', () => {
    tree.watch({ pid: 1, owner: 'corescope' });
    tree.watch({ pid: 20, owner: 'run' });
    see(`
      1 corescope
        20 host
          30 daemon`);
    const twice = `
      1 corescope
        20 host
        30 daemon`;
    see(twice);
    see(twice);
    expect(alive()).toContain('3: 30 daemon run/20 under 2');
  });

  it('takes a reused pid for a new process', () => {
    tree.watch({ pid: 10, owner: 'run' });
    see(`
      10 host
        20 worker`);
    const before = tree.find(20);
    const change = see(`
      10 host
        20 successor @99`);
    expect(drawEntities(change.appeared)).toEqual(['3: 20 successor run/10 under 1']);
    expect(change.goneKeys).toEqual([2]);
    expect(change.goneNodes).toEqual([before]);
  });

  it('does not follow a reused pid out of the tree', () => {
    tree.watch({ pid: 10, owner: 'run' });
    see(`
      10 host
        20 worker`);
    see(`
      10 host
      20 stranger @99
        21 child-of-stranger @100`);
    expect(alive()).toEqual(['1: 10 host run/10']);
  });

  it('does not take the next bearer of a root’s pid for the root, unless it is watched again', () => {
    tree.watch({ pid: 10, owner: 'run' });
    see(`10 host`);
    see(`10 stranger @99`);
    expect(alive()).toEqual([]);
    tree.watch({ pid: 10, owner: 'run' });
    see(`10 stranger @99`);
    expect(alive()).toEqual(['2: 10 stranger run/10']);
  });

  it('changes nothing when a root is watched again', () => {
    tree.watch({ pid: 10, owner: 'run' });
    see(`10 host`);
    tree.watch({ pid: 10, owner: 'run' });
    expect(see(`10 host`)).toEqual({ appeared: [], goneKeys: [], goneNodes: [] });
  });

  it('does not take a younger process for the parent, as where a dead parent’s pid was reused', () => {
    tree.watch({ pid: 10, owner: 'run' });
    see(`
      10 unrelated @500
        20 older @300`);
    expect(alive()).toEqual(['1: 10 unrelated run/10']);
  });

  it('ends where parents form a circle', () => {
    tree.watch({ pid: 10, owner: 'run' });
    const circle = [
      { pid: 10, parentPid: 11, startMark: 0 },
      { pid: 11, parentPid: 10, startMark: 0 },
      { pid: 0, parentPid: 0, startMark: 0 },
    ];
    tree.update(circle, (pid) => ({ name: `p${pid}`, commandLine: '', user: null, startedUnixMs: null }));
    expect(alive()).toEqual(['1: 10 p10 run/10', '2: 11 p11 run/10 under 1']);
  });

  it('corrects the name of a process that was first seen between fork and exec', () => {
    tree.watch({ pid: 10, owner: 'run' });
    see(`
      10 host
        20 host
          30 early`);
    const change = see(`
      10 host
        20 python3
          30 early`);
    expect(drawEntities(change.appeared)).toEqual([
      '4: 20 python3 run/10 under 1',
      '5: 30 early run/10 under 4',
    ]);
    expect(change.goneKeys).toEqual([2, 3]);
    // Nothing says that it became another program: it is not asked again.
    const later = see(`
      10 host
        20 renamed
          30 early`);
    expect(later).toEqual({ appeared: [], goneKeys: [], goneNodes: [] });
  });

  describe('with a process that became something else later', () => {
    const described = { name: 'sh', commandLine: 'sh -c work', user: 'root', startedUnixMs: null };
    const seeAs = (changeCount: number, description: Partial<typeof described>): readonly string[] =>
      tree
        .update([{ pid: 10, parentPid: 1, startMark: 10, changeCount }], () => ({
          ...described,
          ...description,
        }))
        .appeared.map(({ key, name, commandLine, user }) => `${key}: ${name}, ${commandLine} of ${user}`);

    beforeEach(() => {
      tree.watch({ pid: 10, owner: 'run' });
      expect(seeAs(0, {})).toEqual(['1: sh, sh -c work of root']);
      expect(seeAs(0, {})).toEqual([]);
      expect(seeAs(0, { name: 'not asked' })).toEqual([]);
    });

    it('shows another program under a new key, and its arguments, which follow the name a little later', () => {
      expect(seeAs(1, { name: 'work', commandLine: 'sh -c work' })).toEqual(['2: work, sh -c work of root']);
      expect(tree.isSettled()).toBe(false);
      expect(seeAs(1, { name: 'work', commandLine: 'work 1' })).toEqual(['3: work, work 1 of root']);
      expect(tree.isSettled()).toBe(true);
      expect(seeAs(1, { name: 'work', commandLine: 'not asked' })).toEqual([]);
    });

    it('shows another user under a new key', () => {
      expect(seeAs(1, { user: 'nobody' })).toEqual(['2: sh, sh -c work of nobody']);
    });

    it('keeps one row for a program that calls itself by what it does, from the ninth name on', () => {
      const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].flatMap((count) =>
        [1, 2].flatMap(() => seeAs(count, { name: `step ${count}` })),
      );
      expect(rows).toEqual(
        [1, 2, 3, 4, 5, 6, 7, 8].map((step) => `${step + 1}: step ${step}, sh -c work of root`),
      );
    });

    it('keeps one row for a kernel thread, whose name says what it is just doing', () => {
      expect(seeAs(1, { name: 'kworker/0:1-events', commandLine: '' })).toHaveLength(1);
      expect(seeAs(2, { name: 'kworker/0:1-mm', commandLine: '' })).toEqual([]);
    });
  });

  it('shows a process that ended before it could be described, so that its children are not lost', () => {
    tree.watch({ pid: 10, owner: 'run' });
    const { facts } = drawSystem(`
      10 host
        20 worker`);
    tree.update(facts, (pid) =>
      pid === 10 ? null : { name: 'worker', commandLine: '', user: null, startedUnixMs: null },
    );
    expect(alive()).toEqual(['1: 10 process 10 run/10', '2: 20 worker run/10 under 1']);
  });
});
