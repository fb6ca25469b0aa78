import { decodeFrame } from '../../src/shared/frame-codec.ts';
import type { SamplerMessage } from '../../src/shared/sample.ts';
import type { Milliseconds } from '../../src/shared/units.ts';

/** What frames say was used, added up as a reader of them would. */
export interface Account {
  add(message: SamplerMessage): void;
  /** Sum of share times time over all rows and frames. A share that is not known adds nothing. */
  cpuMs(): Milliseconds;
  /** What the root's `totalCpuMs` rose by from the first frame that knows it: NaN where none does. */
  totalMs(): Milliseconds;
  /** Processes that ever appeared. */
  processesSeen(): number;
}

export function createAccount(): Account {
  const processes = new Set<string>();
  const threadKeys = new Set<number>();
  let rootKey = Number.NaN;
  let firstTotalMs = Number.NaN;
  let lastTotalMs = Number.NaN;
  let cpuMs = 0;
  let lastAtMs = Number.NaN;
  return {
    add(message) {
      if (message.type === 'entities') {
        for (const info of message.appeared) {
          if (info.kind === 'process' && info.parentKey === null) rootKey = info.key;
          // A process may get a new key, when it takes another program; it is counted once.
          if (info.kind === 'process') processes.add(`${info.pid} ${info.startedUnixMs ?? 0}`);
          else if (info.kind === 'thread') threadKeys.add(info.key);
        }
        return;
      }
      if (message.type === 'topology') return;
      const frame = decodeFrame(message.buffer);
      const lengthMs = frame.atMs - lastAtMs;
      lastAtMs = frame.atMs;
      const totalMs = frame.totalCpuMs[frame.keys.indexOf(rootKey)] ?? Number.NaN;
      if (!Number.isNaN(totalMs)) {
        if (Number.isNaN(firstTotalMs)) firstTotalMs = totalMs;
        lastTotalMs = totalMs;
      }
      frame.cpuShare.forEach((share, row) => {
        // The time of a thread is in its process's row as well.
        if (threadKeys.has(frame.keys[row] ?? Number.NaN)) return;
        const spentMs = share * lengthMs;
        if (!Number.isNaN(spentMs)) cpuMs += spentMs;
      });
    },
    cpuMs: () => cpuMs,
    totalMs: () => lastTotalMs - firstTotalMs,
    processesSeen: () => processes.size,
  };
}
