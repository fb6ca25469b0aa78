import type { Milliseconds } from '../../../shared/units.ts';
import { createLabel, parseLabelled } from './detail-bytes.ts';
import type { HeldFile, HeldFiles } from './held-files.ts';
import { parseNumberAt } from './proc-bytes.ts';

/** CPU time of control groups. */
export interface CgroupClock {
  /** Of a `cpuacct.usage` (version 1) or `cpu.stat` (version 2); NaN where it cannot be read. */
  readMs(path: string): Milliseconds;
  readonly keptCount: number;
}

const usageLabel = [createLabel('usage_usec')];

/** A run has one, and nobody says when it is over: of more than these the oldest is closed. */
const mostGroups = 32;

export function createCgroupClock(files: HeldFiles): CgroupClock {
  const held = new Map<string, HeldFile>();
  const numbers = new Float64Array(1);

  function makeRoom(): void {
    for (const [path, file] of held) {
      if (held.size <= mostGroups) return;
      files.close(file);
      held.delete(path);
    }
  }

  return {
    readMs(path) {
      let file = held.get(path);
      if (file === undefined) {
        file = files.create(path);
        held.set(path, file);
        makeRoom();
      }
      const length = files.read(file);
      if (length < 0) {
        held.delete(path);
        return Number.NaN;
      }
      if (!path.endsWith('/cpu.stat')) return parseNumberAt(files.bytes, length, 0) / 1e6;
      parseLabelled(files.bytes, length, usageLabel, numbers);
      return (numbers[0] ?? Number.NaN) / 1000;
    },
    get keptCount() {
      return held.size;
    },
  };
}
