import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFakeProc } from '../support/fake-proc.ts';
import { readerOf } from '../support/drawn-reader.ts';

/** What happens to one of the pids between two ticks. */
type Event = {
  readonly pid: number;
  readonly what: 'rests' | 'runs' | 'ends' | 'is reused';
  readonly cpuMs: number;
};

const root = 100;
const pids = [200, 201, 202, 203];

const event = fc.record({
  pid: fc.constantFrom(...pids),
  what: fc.constantFrom('rests', 'runs', 'ends', 'is reused'),
  // More than that no process can have used since the last tick, on the one core of this machine.
  cpuMs: fc.double({ min: 0.01, max: 99, noNaN: true }),
});

describe('a pid that goes to another process between two ticks', () => {
  it('is another process in the next one, and has its own CPU, whatever either has used', () => {
    fc.assert(
      fc.property(fc.array(fc.array(event, { maxLength: 3 }), { minLength: 1, maxLength: 25 }), (ticks) => {
        const proc = createFakeProc();
        let now = 0;
        const reader = readerOf(proc, {
          nowMs: () => now,
          capacity: 8,
        });
        const parent = proc.start(root, 1);
        // No two processes have used the same to the nanosecond.
        let used = 0;
        const begin = (pid: number, cpuMs: number): void => {
          proc.start(pid, root).cpuNs = Math.round(cpuMs * 1e6) + used++;
        };
        for (const pid of pids) begin(pid, 1);
        const apply = ({ pid, what, cpuMs }: Event): void => {
          const process = proc.processes.get(pid);
          if (what === 'ends' || what === 'is reused') proc.end(pid);
          if (what === 'is reused') begin(pid, cpuMs);
          if (what === 'runs' && process !== undefined) process.cpuNs += Math.round(cpuMs * 1e6);
          // Who forks has run.
          parent.cpuNs += 1000;
        };
        for (const events of [[], [], ...ticks]) {
          events.forEach(apply);
          now += 100;
          reader.readCoreTimes();
          const facts = reader.readProcesses([root]);
          const uses = reader.readUse([root]);
          if (facts instanceof Promise || uses instanceof Promise) throw new Error('it answers at once');
          const seen = facts
            .map(({ pid, startMark }) => `${pid}@${startMark} ${uses.get(pid)?.cpuMs ?? Number.NaN}`)
            .sort();
          const there = [...proc.processes.values()].map(
            ({ pid, startTicks, cpuNs }) => `${pid}@${startTicks} ${cpuNs / 1e6}`,
          );
          if (now > 100) expect(seen).toEqual(there.sort());
        }
        reader.close();
        expect(proc.openCount).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
