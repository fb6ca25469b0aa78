import { readFileSync } from 'node:fs';
import os from 'node:os';
import { coreTime, coreTimeKinds } from '../../src/engine/sampler/core-times.ts';
import { parseCoreTimes } from '../../src/engine/sampler/linux/machine-stat.ts';
import { ownProgram, startChild } from '../support/child.ts';
import { findProgram } from '../support/find-program.ts';
import { isWhole } from './switch-log.ts';
import { startSwitchTrace } from './switch-trace.ts';

/** Where the burner burns, and where everyone else is, so that nobody takes its time away. */
export interface Cores {
  readonly burner: number;
  /** As `taskset -c` takes it. */
  readonly others: string;
  /** Whether the scheduler's switches can be traced there. */
  readonly isTraced: boolean;
}

/** Whether a trace on this core sees a burner come and go; null where nothing can be traced. */
async function tracesWhole(core: number): Promise<boolean | null> {
  const [node = '', ...program] = ownProgram('burner', 0.3, 5, 0.5);
  const burner = startChild([node, '--single-threaded', ...program], { core });
  try {
    await burner.nextLine();
    const trace = startSwitchTrace(burner.pid, core);
    if (trace === null) return null;
    const switches = trace.stop(JSON.parse(await burner.nextLine()) as number[]);
    return switches !== null && isWhole(switches, 'core');
  } finally {
    await burner.stop();
  }
}

/** Whatever else runs just then may be what is missing in a trace. */
const looks = 3;

/** The last core on which switches can be traced; the last one where that is none. Null without taskset or with one core. */
export async function chooseCores(): Promise<Cores | null> {
  const count = os.cpus().length;
  if (findProgram('taskset') === null || count < 2) return null;
  const describe = (burner: number, isTraced: boolean): Cores => ({
    burner,
    others: Array.from({ length: count }, (_, core) => core)
      .filter((core) => core !== burner)
      .join(','),
    isTraced,
  });
  for (let look = 0; look < looks * count; look += 1) {
    const core = count - 1 - (look % count);
    const isTraced = await tracesWhole(core);
    if (isTraced === null) break;
    if (isTraced) return describe(core, true);
  }
  return describe(count - 1, false);
}

/** Milliseconds that a hypervisor took from a core since it started, in steps of 10. */
export function readStolenMs(core: number): number {
  const bytes = readFileSync('/proc/stat');
  const times = parseCoreTimes(bytes, bytes.length, 0);
  return times[core * coreTimeKinds + coreTime.steal] ?? Number.NaN;
}
