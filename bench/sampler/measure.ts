import { setTimeout as delay } from 'node:timers/promises';
import { startChild } from '../support/child.ts';
import { readTreeCpu, spentBetween } from '../support/cpu-cost.ts';
import type { SamplingReport } from '../support/reading.ts';
import type { Contestant } from './contestants.ts';
import type { Cell } from './plan.ts';

/** What one contestant cost in one round. */
export interface Cost {
  /** User and system time of the program, its threads and its children, as a share of one core. */
  readonly cpuShare: number;
  /** New answers a second that it really gave; NaN where it does not tell. */
  readonly heldHz: number;
}

/** For programs that do not say when they are warm. */
const warmUpMs = 700;

function isReport(value: unknown): value is SamplingReport {
  return (
    typeof value === 'object' && value !== null && 'samples' in value && typeof value.samples === 'number'
  );
}

/** Null where the contestant cannot do this rate. Rejects when it ends by itself. */
export async function measureCost(contestant: Contestant, rootPid: number, cell: Cell): Promise<Cost | null> {
  const command = contestant.command(rootPid, cell.everyMs);
  if (command === null) return null;
  const child = startChild(command, { quiet: !contestant.reports });
  try {
    if (contestant.reports) await child.nextLine();
    else await delay(warmUpMs);
    const readyMs = performance.now();
    // The first sample after the warm-up is not like the others.
    await delay(cell.everyMs / 2);
    const before = readTreeCpu(child.pid);
    const startMs = performance.now();
    await delay(cell.windowMs);
    const after = readTreeCpu(child.pid);
    const endMs = performance.now();
    if (after.ticksMs === 0) throw new Error(`${contestant.name} ended while it was being measured`);
    const lines = await child.stop();
    const report: unknown = contestant.reports ? JSON.parse(lines.at(-1) ?? 'null') : null;
    return {
      cpuShare: spentBetween(before, after) / (endMs - startMs),
      heldHz: isReport(report) ? (report.samples * 1000) / (endMs - readyMs) : Number.NaN,
    };
  } finally {
    await child.stop();
  }
}
