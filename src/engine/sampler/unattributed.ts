import type { EntityInfo } from '../../shared/sample.ts';
import type { CpuShare, Milliseconds, SessionMs } from '../../shared/units.ts';
import { createCpuMeter } from './cpu-meter.ts';
import type { ProcessAccount } from './process-accounts.ts';

/** CPU time that the control group of a root counted and no process accounts for. */
export interface Unattributed {
  readonly cpuMs: Milliseconds;
  readonly cpuShare: CpuShare;
}

export interface UnattributedBooks {
  /**
   * `totalCpuMs`: of the root and all below it. `groupMs`: read before the processes were, so that what they used in between cannot be taken for anyone else's.
   * Never goes down. Null where the group's time is not known, and never was.
   */
  read(
    root: ProcessAccount,
    totalCpuMs: Milliseconds,
    groupMs: Milliseconds,
    atMs: SessionMs,
  ): Unattributed | null;
  forget(root: ProcessAccount): void;
  readonly keptCount: number;
}

export function createUnattributedBooks(): UnattributedBooks {
  const meter = createCpuMeter<ProcessAccount>();
  const lastMs = new Map<ProcessAccount, Milliseconds>();
  return {
    read(root, totalCpuMs, groupMs, atMs) {
      const last = lastMs.get(root);
      if (Number.isNaN(groupMs)) return last === undefined ? null : { cpuMs: last, cpuShare: Number.NaN };
      const cpuMs = Math.max(last ?? 0, groupMs - totalCpuMs);
      lastMs.set(root, cpuMs);
      return { cpuMs, cpuShare: meter.read(root, atMs, cpuMs) };
    },
    forget(root) {
      lastMs.delete(root);
      meter.forget(root);
    },
    get keptCount() {
      return lastMs.size + meter.keptCount;
    },
  };
}

/** A row that is not a process and hangs under one. */
export type RowKind = 'exited-children' | 'unattributed';

export function describeRowUnder(process: EntityInfo, kind: RowKind, key: number): EntityInfo {
  const { pid, rootPid, owner, user } = process;
  const name = kind === 'unattributed' ? 'unattributed' : 'exited children';
  return {
    key,
    kind,
    pid,
    tid: null,
    parentKey: process.key,
    rootPid,
    owner,
    name,
    commandLine: '',
    user,
    startedUnixMs: null,
  };
}
