import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  createProcessAccounts,
  type ProcessAccounts,
} from '../../../../src/engine/sampler/process-accounts.ts';
import type { ProcessUse } from '../../../../src/engine/sampler/system-reader.ts';
import { createProcessTree, type ProcessTree } from '../../../../src/engine/sampler/tree.ts';
import { drawSystem } from './support/tree-drawing.ts';

/** CPU, and what was waited for; when it was born, and memory, where it matters. */
interface Use {
  readonly cpu: number;
  readonly waited?: number;
  readonly born?: number;
  readonly rss?: number;
  readonly pss?: number;
}

interface Told {
  readonly cpuShare: number;
  readonly exitedMs: number;
  readonly exitedShare: number;
  readonly totalCpuMs: number;
  readonly totalCpuShare: number;
  readonly totalRssBytes: number;
  readonly totalPssBytes: number;
}

let tree: ProcessTree;
let accounts: ProcessAccounts;
let nowMs: number;

beforeEach(() => {
  let lastKey = 0;
  tree = createProcessTree(() => ++lastKey);
  accounts = createProcessAccounts();
  nowMs = 0;
  tree.watch({ pid: 10, owner: 'run' });
});

/** One tick of 100 ms. `text`: see `drawSystem`. Who has no use could not be read. */
function tick(text: string, uses: Record<number, Use>): Map<number, Told> {
  const { facts, describe: describePid } = drawSystem(text);
  const { goneNodes } = tree.update(facts, describePid);
  nowMs += 100;
  const now = accounts.update(tree.nodes(), goneNodes, {
    uses: new Map(
      Object.entries(uses).map(([pid, { cpu, waited = 0, born = Number.NaN, rss = Number.NaN }]) => [
        Number(pid),
        { cpuMs: cpu, waitedForMs: waited, bornAtMs: born, rssBytes: rss },
      ]),
    ),
    atMs: nowMs,
    coreCount: 4,
    pssOf: (node) => uses[node.pid]?.pss,
  });
  return new Map(
    now.accounts.map(({ node, place, exitedMs, exitedShare }) => {
      const at = (column: Float64Array): number => column[place] ?? Number.NaN;
      const { cpuShare, totalCpuMs, totalCpuShare, totalRssBytes, totalPssBytes } = now.columns;
      const told = {
        cpuShare: at(cpuShare),
        exitedMs,
        exitedShare,
        totalCpuMs: at(totalCpuMs),
        totalCpuShare: at(totalCpuShare),
        totalRssBytes: at(totalRssBytes),
        totalPssBytes: at(totalPssBytes),
      };
      return [node.pid, told];
    }),
  );
}

/** `total of the process, exited below it`. */
function books(seen: Map<number, Told>, pid: number): string {
  const account = seen.get(pid);
  return `${account?.totalCpuMs}, exited ${account?.exitedMs}`;
}

const family = `
  10 parent
    20 child`;

describe('the accounts', () => {
  it('count a child that ends once: what was seen of it, and what it used after that as exited', () => {
    expect(books(tick(family, { 10: { cpu: 5 }, 20: { cpu: 30 } }), 10)).toBe('35, exited 0');
    expect(books(tick(family, { 10: { cpu: 6 }, 20: { cpu: 90 } }), 10)).toBe('96, exited 0');
    const after = tick('10 parent', { 10: { cpu: 6, waited: 110 } });
    expect(books(after, 10)).toBe('116, exited 20');
    expect(after.get(10)?.exitedShare).toBe(0.2);
    expect(after.get(10)?.totalCpuShare).toBe(0.2);
  });

  it('count children that nobody ever saw', () => {
    tick('10 parent', { 10: { cpu: 0 } });
    const seen = tick('10 parent', { 10: { cpu: 10, waited: 40 } });
    expect(books(seen, 10)).toBe('50, exited 40');
    expect(seen.get(10)?.totalCpuShare).toBe(0.5);
  });

  it('count what was waited for before the process was found, without a share for it', () => {
    const seen = tick('10 parent', { 10: { cpu: 5, waited: 5000 } });
    expect(books(seen, 10)).toBe('5005, exited 5000');
    expect(tick('10 parent', { 10: { cpu: 5, waited: 5000 } }).get(10)?.totalCpuShare).toBe(0);
  });

  it('never go down when a child is found gone before its time has arrived, and are right at the next', () => {
    tick(family, { 10: { cpu: 0 }, 20: { cpu: 90 } });
    expect(books(tick('10 parent', { 10: { cpu: 0, waited: 80 } }), 10)).toBe('90, exited 0');
    expect(books(tick('10 parent', { 10: { cpu: 0, waited: 110 } }), 10)).toBe('110, exited 20');
  });

  it('put the time of grandchildren where they were waited for, and do not count it again above', () => {
    const three = `
      10 parent
        20 child
          30 grandchild`;
    tick(three, { 10: { cpu: 0 }, 20: { cpu: 0 }, 30: { cpu: 70 } });
    const two = tick(family, { 10: { cpu: 0 }, 20: { cpu: 0, waited: 100 } });
    expect([books(two, 10), books(two, 20)]).toEqual(['100, exited 0', '100, exited 30']);
    expect(books(tick('10 parent', { 10: { cpu: 0, waited: 100 } }), 10)).toBe('100, exited 0');
  });

  it('keep what an orphan has used where it was, when its parent goes and when it goes itself', () => {
    const three = `
      10 parent
        20 child
          30 orphan`;
    tick(three, { 10: { cpu: 0 }, 20: { cpu: 10 }, 30: { cpu: 50 } });
    const adopted = `
      10 parent
      1 init
        30 orphan`;
    expect(books(tick(adopted, { 10: { cpu: 0, waited: 10 }, 30: { cpu: 70 } }), 10)).toBe('80, exited 0');
    expect(books(tick('10 parent', { 10: { cpu: 0, waited: 10 } }), 10)).toBe('80, exited 0');
  });

  it('are not blinded by a child that nobody waits for', () => {
    tick(family, { 10: { cpu: 0 }, 20: { cpu: 500 } });
    // SIGCHLD is ignored: the 500 never arrive.
    expect(books(tick('10 parent', { 10: { cpu: 0 } }), 10)).toBe('500, exited 0');
    expect(books(tick('10 parent', { 10: { cpu: 0, waited: 60 } }), 10)).toBe('560, exited 60');
  });

  it('give a child that was born since the last tick a part in its parent’s share', () => {
    tick('10 parent', { 10: { cpu: 0 } });
    const seen = tick(family, { 10: { cpu: 10 }, 20: { cpu: 40 } });
    expect(seen.get(20)?.totalCpuShare).toBeNaN();
    expect(seen.get(10)?.totalCpuShare).toBe(0.5);
  });

  it('know the share of a process that was born since the last tick from the first reading on', () => {
    tick('10 parent', { 10: { cpu: 0 } });
    const seen = tick(family, { 10: { cpu: 0 }, 20: { cpu: 50, waited: 25, born: 130 } });
    expect(seen.get(20)).toMatchObject({ cpuShare: 0.5, exitedShare: 0.25, totalCpuShare: 0.75 });
    expect(seen.get(10)?.totalCpuShare).toBe(0.75);
    const later = tick(family, { 10: { cpu: 0 }, 20: { cpu: 75, waited: 25, born: 130 } });
    expect(later.get(20)).toMatchObject({ cpuShare: 0.25, exitedShare: 0, totalCpuShare: 0.25 });
  });

  it('do not know it of one that was there before, and of no process at the first tick', () => {
    expect(tick('10 parent', { 10: { cpu: 30, born: 70 } }).get(10)?.cpuShare).toBeNaN();
    const seen = tick(family, { 10: { cpu: 30, born: 70 }, 20: { cpu: 40, born: 89 } });
    expect(seen.get(20)?.cpuShare).toBeNaN();
    expect(seen.get(20)?.totalCpuShare).toBeNaN();
  });

  it('take one for born since whose birth is told too early by rounding, over its whole life if need be', () => {
    tick('10 parent', { 10: { cpu: 0 } });
    const seen = tick(
      `
      10 parent
        20 short
        30 busy`,
      { 10: { cpu: 0 }, 20: { cpu: 50, born: 90 }, 30: { cpu: 110, born: 90 } },
    );
    expect(seen.get(20)?.cpuShare).toBe(0.5);
    expect(seen.get(30)?.cpuShare).toBe(1);
  });

  it('do not take for spent now what a child brings along', () => {
    tick('10 parent', { 10: { cpu: 0 } });
    const seen = tick(family, { 10: { cpu: 10 }, 20: { cpu: 9000 } });
    expect(seen.get(10)?.totalCpuShare).toBe(0.1);
    expect(books(seen, 10)).toBe('9010, exited 0');
  });

  it('bring what a process has used along when it moves, and leave it counted where it was', () => {
    tick(family, { 10: { cpu: 1 }, 20: { cpu: 30 } });
    tree.watch({ pid: 20, owner: 'run' });
    const cut = tick(family, { 10: { cpu: 1 }, 20: { cpu: 40 } });
    expect([books(cut, 10), books(cut, 20)]).toEqual(['31, exited 0', '40, exited 0']);
    tree.unwatch(20);
    const back = tick(family, { 10: { cpu: 1 }, 20: { cpu: 40 } });
    expect(back.get(10)?.totalCpuShare).toBe(0);
  });

  it('know no share of a tree of which a part cannot be read', () => {
    tick(family, { 10: { cpu: 1 } });
    expect(tick(family, { 10: { cpu: 2 } }).get(10)?.totalCpuShare).toBeNaN();
  });

  it('add up memory, from the first reading of each part on', () => {
    const seen = tick(family, { 10: { cpu: 0, rss: 100, pss: 50 }, 20: { cpu: 0, rss: 10 } });
    expect(seen.get(10)).toMatchObject({ totalRssBytes: 110, totalPssBytes: 50 });
    expect(seen.get(20)?.totalPssBytes).toBeNaN();
    const later = tick(family, { 10: { cpu: 0, rss: 100, pss: 50 }, 20: { cpu: 0, rss: 10, pss: 5 } });
    expect(later.get(10)).toMatchObject({ totalRssBytes: 110, totalPssBytes: 55 });
  });

  it('know no sum of memory with a part that cannot be read', () => {
    const uses = { 10: { cpu: 0, rss: 100, pss: 50 }, 20: { cpu: 0, rss: Number.NaN, pss: Number.NaN } };
    tick(family, uses);
    expect(tick(family, uses).get(10)).toMatchObject({
      totalRssBytes: Number.NaN,
      totalPssBytes: Number.NaN,
    });
  });

  it('take a zombie for what it is: without memory, and with all its time', () => {
    tick(family, { 10: { cpu: 0, rss: 100, pss: 50 }, 20: { cpu: 30, rss: 10, pss: 5 } });
    const seen = tick(family, {
      10: { cpu: 0, rss: 100, pss: 50 },
      20: { cpu: 40, rss: 0, pss: Number.NaN },
    });
    expect(seen.get(10)).toMatchObject({ totalRssBytes: 100, totalPssBytes: 50, totalCpuMs: 40 });
  });

  it('read only who has changed, and count a share from when it was last seen asleep', () => {
    const { facts, describe: describePid } = drawSystem(family);
    const { goneNodes } = tree.update(facts, describePid);
    const shareAt = (
      atMs: number,
      changedPids: readonly number[],
      child: Partial<ProcessUse>,
    ): (number | undefined)[] => {
      const uses = new Map([
        [10, { cpuMs: 5, rssBytes: 1 }],
        [20, { cpuMs: 0, rssBytes: 1, ...child }],
      ]);
      const pssOf = (): undefined => undefined;
      const now = accounts.update(tree.nodes(), atMs === 100 ? goneNodes : [], {
        uses,
        atMs,
        changedPids,
        coreCount: 4,
        pssOf,
      });
      const { cpuShare, totalCpuShare, totalCpuMs } = now.columns;
      return [cpuShare[1], totalCpuShare[0], totalCpuMs[0]];
    };
    shareAt(100, [], {});
    // What was new is read a second time in any case: only then there is a share.
    expect(shareAt(200, [], {})).toEqual([0, 0, 5]);
    expect(shareAt(900, [], { cpuMs: 77 })).toEqual([0, 0, 5]);
    const awake = { cpuMs: 30, readAtMs: 1000, stillUntilMs: 700 };
    expect(shareAt(1000, [20], awake)).toEqual([0.1, 0.1, 35]);
    expect(shareAt(1100, [], awake)).toEqual([0.1, 0.1, 35]);
    expect(shareAt(1200, [20], { cpuMs: 30, readAtMs: 1200, stillUntilMs: 1200 })).toEqual([0, 0, 35]);
  });

  it('agree with the kernel about any family whose children are all waited for', () => {
    // Each child: the ticks at which it is seen, and what it has used at each of these and at its end.
    const child = fc.record({
      first: fc.nat(5),
      seen: fc.array(fc.nat(50), { maxLength: 5 }),
      last: fc.nat(50),
    });
    fc.assert(
      fc.property(fc.array(child, { maxLength: 6 }), (children) => {
        let lastKey = 0;
        tree = createProcessTree(() => ++lastKey);
        accounts = createProcessAccounts();
        tree.watch({ pid: 10, owner: 'run' });
        let lastTotal = 0;
        for (let index = 0; index <= 12; index += 1) {
          const uses: Record<number, Use> = {};
          let waited = 0;
          let truth = 1;
          let text = '10 parent';
          children.forEach(({ first, seen, last }, place) => {
            const until = first + seen.length;
            const spentUntil = (count: number): number =>
              seen.slice(0, count).reduce((sum, spent) => sum + spent, 0);
            if (index >= until) {
              waited += spentUntil(seen.length) + last;
            } else if (index >= first) {
              text += `\n  ${20 + place} child`;
              uses[20 + place] = { cpu: spentUntil(index - first + 1) };
              truth += spentUntil(index - first + 1);
            }
          });
          uses[10] = { cpu: 1, waited };
          const total = tick(text, uses).get(10)?.totalCpuMs ?? Number.NaN;
          expect(total).toBeCloseTo(truth + waited, 6);
          expect(total).toBeGreaterThanOrEqual(lastTotal);
          lastTotal = total;
        }
      }),
    );
  });
});
