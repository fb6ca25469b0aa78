import { describe, expect, it } from 'vitest';
import { createCpuMeter } from '../../../../src/engine/sampler/cpu-meter.ts';
import {
  createPortableProcesses,
  type PortableProcesses,
} from '../../../../src/engine/sampler/portable-processes.ts';
import type { ProcessFacts } from '../../../../src/engine/sampler/system-reader.ts';

/** A machine whose programs answer when the test says so. */
class Machine {
  nowMs = 0;
  facts: readonly ProcessFacts[] = [
    { pid: 3, parentPid: 2, startMark: 3 },
    { pid: 2, parentPid: 1, startMark: 2 },
    { pid: 1, parentPid: 0, startMark: 1 },
    { pid: 9, parentPid: 0, startMark: 1 },
  ];
  cpuMs = 0;
  asked: string[] = [];
  readonly processes: PortableProcesses;
  #answer: () => void = () => undefined;

  constructor() {
    this.processes = createPortableProcesses({
      nowMs: () => this.nowMs,
      everyMs: 1000,
      list: {
        read: async () => {
          this.asked.push(`list at ${this.nowMs}`);
          await new Promise<void>((resolve) => (this.#answer = resolve));
          return this.facts;
        },
      },
      readUse: (pids) => {
        this.asked.push(`use of ${pids.join(' ')} at ${this.nowMs}`);
        if (pids.length === 0) return Promise.reject(new Error('nothing to ask'));
        return Promise.resolve(new Map(pids.map((pid) => [pid, { cpuMs: this.cpuMs, rssBytes: pid * 1e6 }])));
      },
    });
  }

  async answer(): Promise<void> {
    this.#answer();
    // The reading goes on over some turns of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Everything that was asked since the last question. */
  questions(): string[] {
    const asked = this.asked;
    this.asked = [];
    return asked;
  }
}

describe('the processes of a system without /proc', () => {
  it('never hold up a tick: it finds what was last read', async () => {
    const machine = new Machine();
    expect(machine.processes.readProcesses([1])).toEqual([]);
    machine.nowMs = 400;
    expect(machine.processes.readProcesses([1])).toEqual([]);
    await machine.answer();
    expect(machine.questions()).toEqual(['list at 0', 'use of 3 2 1 at 400']);
    const found = machine.processes.readProcesses([1]);
    expect(found).toBe(machine.facts);
    expect(machine.processes.readProcesses([1])).toBe(found);
    expect([...machine.processes.readUse()]).toContainEqual([2, { cpuMs: 0, rssBytes: 2e6, readAtMs: 400 }]);
  });

  it('are read one at a time, no oftener than is asked, with a rest as long as the reading', async () => {
    const machine = new Machine();
    machine.processes.readProcesses([1]);
    machine.nowMs = 4000;
    machine.processes.readProcesses([1]);
    await machine.answer();
    expect(machine.questions()).toEqual(['list at 0', 'use of 3 2 1 at 4000']);
    machine.nowMs = 7999;
    machine.processes.readProcesses([1]);
    expect(machine.questions()).toEqual([]);
    machine.nowMs = 8000;
    machine.processes.readProcesses([1]);
    await machine.answer();
    machine.nowMs = 8999;
    machine.processes.readProcesses([1]);
    expect(machine.questions()).toEqual(['list at 8000', 'use of 3 2 1 at 8000']);
  });

  it('have a share over the time between two readings, which stays until the next', async () => {
    const machine = new Machine();
    const meter = createCpuMeter<number>();
    const shares: number[] = [];
    for (let tick = 0; tick < 25; tick += 1) {
      machine.nowMs = tick * 100;
      machine.cpuMs = machine.nowMs / 2;
      machine.processes.readProcesses([1]);
      await machine.answer();
      const use = machine.processes.readUse().get(1);
      if (use !== undefined) shares.push(meter.read(1, use.readAtMs ?? Number.NaN, use.cpuMs));
    }
    expect(shares).toHaveLength(25);
    expect(new Set(shares.slice(0, 10))).toEqual(new Set([Number.NaN]));
    expect(new Set(shares.slice(10))).toEqual(new Set([0.5]));
  });

  it('stay as they were where a reading fails, and the next one tries again', async () => {
    const machine = new Machine();
    machine.processes.readProcesses([1]);
    await machine.answer();
    const found = machine.processes.readProcesses([1]);
    machine.nowMs = 1000;
    machine.processes.readProcesses([]);
    await machine.answer();
    expect(machine.processes.readProcesses([1])).toBe(found);
    machine.nowMs = 2000;
    machine.questions();
    machine.processes.readProcesses([1]);
    await machine.answer();
    expect(machine.questions()).toEqual(['list at 2000', 'use of 3 2 1 at 2000']);
  });
});
