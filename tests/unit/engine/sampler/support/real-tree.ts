import { spawn, type ChildProcess } from 'node:child_process';
import { createSessionClock } from '../../../../../src/engine/clock.ts';
import { createSampler, type LocalSampler } from '../../../../../src/engine/sampler/index.ts';
import { decodeFrame } from '../../../../../src/shared/frame-codec.ts';
import type { EntityInfo, SampleFrame } from '../../../../../src/shared/sample.ts';

export interface Row {
  readonly entity: EntityInfo;
  readonly cpuShare: number;
  readonly rssBytes: number;
  readonly pssBytes: number;
  readonly cpuMs: number;
  readonly totalCpuMs: number;
  readonly waitShare: number;
  readonly lastCore: number;
}

export interface Watch {
  readonly sampler: LocalSampler;
  /** Everything that ever appeared. */
  readonly appeared: readonly EntityInfo[];
  /** The rows of the first frame from now on that is as asked for. */
  readonly rowsWhen: (isReady: (rows: readonly Row[]) => boolean) => Promise<readonly Row[]>;
  /** The next so many frames, each as rows. */
  readonly nextFrames: (
    count: number,
  ) => Promise<readonly { readonly frame: SampleFrame; readonly rows: readonly Row[] }[]>;
}

export interface RealTree {
  /** Starts a program in a process group of its own, which is ended with the test. */
  start(command: string, args: readonly string[]): ChildProcess & { readonly pid: number };
  watch(everyMs?: number): Watch;
  end(): Promise<void>;
}

function hasPid(child: ChildProcess): child is ChildProcess & { readonly pid: number } {
  return child.pid !== undefined;
}

function watchReal(sampler: LocalSampler): Watch {
  const alive = new Map<number, EntityInfo>();
  const appeared: EntityInfo[] = [];
  const onFrames = new Set<(frame: SampleFrame, rows: readonly Row[]) => void>();

  function toRows(frame: SampleFrame): Row[] {
    return [...frame.keys].map((key, index) => {
      const entity = alive.get(key);
      if (entity === undefined)
        throw new Error(`frame ${frame.sequence} names key ${key}, which is not alive`);
      return {
        entity,
        cpuShare: frame.cpuShare[index] ?? Number.NaN,
        rssBytes: frame.rssBytes[index] ?? Number.NaN,
        pssBytes: frame.pssBytes[index] ?? Number.NaN,
        cpuMs: frame.cpuMs[index] ?? Number.NaN,
        totalCpuMs: frame.totalCpuMs[index] ?? Number.NaN,
        waitShare: frame.waitShare[index] ?? Number.NaN,
        lastCore: frame.lastCore[index] ?? Number.NaN,
      };
    });
  }

  sampler.subscribe((message) => {
    if (message.type === 'entities') {
      for (const key of message.goneKeys) alive.delete(key);
      for (const entity of message.appeared) {
        alive.set(entity.key, entity);
        appeared.push(entity);
      }
      return;
    }
    if (message.type === 'topology') return;
    const frame = decodeFrame(message.buffer);
    const rows = toRows(frame);
    for (const onFrame of [...onFrames]) onFrame(frame, rows);
  });

  return {
    sampler,
    appeared,
    rowsWhen: (isReady) =>
      new Promise((resolve) => {
        const onFrame = (_frame: SampleFrame, rows: readonly Row[]): void => {
          if (!isReady(rows)) return;
          onFrames.delete(onFrame);
          resolve(rows);
        };
        onFrames.add(onFrame);
      }),
    nextFrames: (count) =>
      new Promise((resolve) => {
        const seen: { readonly frame: SampleFrame; readonly rows: readonly Row[] }[] = [];
        const onFrame = (frame: SampleFrame, rows: readonly Row[]): void => {
          if (seen.push({ frame, rows }) < count) return;
          onFrames.delete(onFrame);
          resolve(seen);
        };
        onFrames.add(onFrame);
      }),
  };
}

export function createRealTree(): RealTree {
  const groups: number[] = [];
  const samplers: LocalSampler[] = [];
  return {
    start(command, args) {
      const child = spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
      if (!hasPid(child)) throw new Error(`${command} did not start`);
      groups.push(child.pid);
      return child;
    },
    watch(everyMs = 100) {
      const sampler = createSampler({ clock: createSessionClock(), everyMs });
      samplers.push(sampler);
      return watchReal(sampler);
    },
    async end() {
      await Promise.all(samplers.map((sampler) => sampler.stop()));
      for (const group of groups) {
        try {
          process.kill(-group, 'SIGKILL');
        } catch {
          // All of the group have ended.
        }
      }
    },
  };
}
