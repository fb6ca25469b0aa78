import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createRunningThreads,
  type RunningThreads,
  type ThreadedProcess,
} from '../../../../../src/engine/sampler/linux/running-threads.ts';
import { createStatReader } from '../../../../../src/engine/sampler/linux/process-stat.ts';
import { createThreadTable } from '../../../../../src/engine/sampler/linux/thread-table.ts';
import { createCounterFiles } from '../../../../../src/engine/sampler/linux/counter-files.ts';
import { createHeldFiles } from '../../../../../src/engine/sampler/linux/held-files.ts';

const pid = 10;

/** A process whose threads run when the test says so, behind real files of a drawn /proc. */
class Machine {
  /** What each has used, by thread id; undefined where it has ended. */
  readonly usedNs: (number | undefined)[];
  endedNs = 500;
  /** What `worker` runs while any file is read. */
  worker: number | null = null;
  ranWhileReadingNs = 0;
  read: number[] = [];
  readonly process: ThreadedProcess & { cpuNs: number; tids: readonly number[] };
  readonly running: RunningThreads;
  readonly #beginTurn: () => void;

  constructor(threadCount: number) {
    this.usedNs = Array.from({ length: threadCount }, () => 100);
    const tids = this.usedNs.map((_, index) => pid + index);
    this.process = { pid, tids, cpuNs: Number.NaN, cpuSource: 'process-clock', endedThreads: null };
    const opened: number[] = [];
    const files = createHeldFiles({
      capacity: 100,
      calls: {
        open: (path) => opened.push(Number(/task\/(\d+)\/schedstat$/.exec(path)?.[1])) - 1,
        read: (descriptor, buffer) => {
          const tid = opened[descriptor] ?? Number.NaN;
          const usedNs = this.usedNs[tid - pid];
          if (usedNs === undefined) throw new Error('ESRCH');
          this.read.push(tid - pid);
          if (this.worker !== null) {
            this.#run(this.worker, 7);
            this.ranWhileReadingNs += 7;
          }
          return buffer.write(`${this.usedNs[tid - pid]} 0 1\n`);
        },
        close: () => undefined,
        list: () => [],
      },
    });
    const stats = createStatReader(files, null);
    const table = createThreadTable(files, stats, createCounterFiles(files, { hasSched: false }));
    this.#beginTurn = () => {
      table.beginTurn(0);
    };
    this.running = createRunningThreads(table);
  }

  #run(index: number, ns: number): void {
    const usedNs = this.usedNs[index];
    if (usedNs !== undefined) this.usedNs[index] = usedNs + ns;
  }

  /** Who runs how long, and then a tick; which threads were read at it, by their places. */
  tick(ran: Readonly<Record<number, number>> = {}): string {
    for (const [index, ns] of Object.entries(ran)) this.#run(Number(index), ns);
    this.process.cpuNs = this.usedNs.reduce<number>((sum, ns) => sum + (ns ?? 0), this.endedNs);
    this.read = [];
    this.ranWhileReadingNs = 0;
    this.#beginTurn();
    const isWhole = this.running.read(this.process);
    return `${this.read.join(',')}${isWhole ? '' : ' and one is gone'}`;
  }

  get known(): (number | undefined)[] {
    const byTid = new Map(this.running.found.map(({ tid, cpuNs }) => [tid, cpuNs]));
    return this.process.tids.map((tid) => byTid.get(tid));
  }
}

describe('The threads of a process', () => {
  it('are all read first, and then none while none can have run', () => {
    const machine = new Machine(4);

    expect([machine.tick(), machine.tick(), machine.tick()]).toEqual(['0,1,2,3', '', '']);
    expect(machine.known).toEqual([100, 100, 100, 100]);
  });

  it('are read as far as the clock of the process says that they have run, those first that ran before', () => {
    const machine = new Machine(4);
    machine.tick();
    machine.tick({ 2: 50 });

    expect(machine.tick({ 2: 50 })).toBe('2');
    expect(machine.tick({ 1: 5, 2: 50 })).toBe('2,0,1,3');
    expect(machine.known).toEqual([100, 105, 250, 100]);
    expect(machine.tick({ 1: 5, 2: 50 })).toBe('1,2');
  });

  it('are all read again when they are others, and one that has gone is told', () => {
    const machine = new Machine(3);
    machine.tick();
    machine.endedNs += 130;
    machine.usedNs[1] = undefined;
    expect(machine.tick({ 0: 30 })).toBe('0,2 and one is gone');

    machine.process.tids = [pid, pid + 2];
    expect(machine.tick()).toBe('0,2');
    expect(machine.tick({ 2: 9 })).toBe('0,2');
    expect(machine.tick({ 2: 9 })).toBe('2');
  });

  it('are all read at every tick where the process has no exact clock', () => {
    const machine = new Machine(2);
    Object.assign(machine.process, { cpuSource: 'stat' });

    expect([machine.tick(), machine.tick()]).toEqual(['0,1', '0,1']);
  });

  const steps = fc.array(
    fc.dictionary(fc.constantFrom('0', '1', '2', '3', '4'), fc.integer({ min: 0, max: 1000 })),
    { minLength: 1, maxLength: 30 },
  );

  it('are known exactly however they run, while none runs during the reading', () => {
    fc.assert(
      fc.property(steps, (ran) => {
        const machine = new Machine(5);
        for (const step of ran) {
          machine.tick(step);
          expect(machine.known).toEqual(machine.usedNs);
        }
      }),
    );
  });

  it('hide no more of what they ran before than others ran during the reading', () => {
    fc.assert(
      fc.property(steps, fc.nat({ max: 4 }), (ran, worker) => {
        const machine = new Machine(5);
        machine.worker = worker;
        for (const step of ran) {
          machine.tick(step);
          const hiddenNs = machine.usedNs.reduce<number>(
            (sum, ns, index) => sum + (index === worker ? 0 : (ns ?? 0) - (machine.known[index] ?? 0)),
            0,
          );
          expect(hiddenNs).toBeLessThanOrEqual(machine.ranWhileReadingNs);
        }
      }),
    );
  });
});
