import { beforeEach, describe, expect, it } from 'vitest';
import { createTicks, type Ticks } from '../../../../src/engine/sampler/index.ts';
import { createObedience, type SamplerReply } from '../../../../src/engine/sampler/remote.ts';
import { decodeFrame } from '../../../../src/shared/frame-codec.ts';
import type { SampleFrame } from '../../../../src/shared/sample.ts';
import { createFakeProc, type FakeProc } from './support/fake-proc.ts';
import { readerOf } from './support/drawn-reader.ts';

/** Frames that are handed over together, on a /proc of our own with a root and eleven children. */

const root = 100;
const everyMs = 100;
let proc: FakeProc;
let nowMs: number;

interface Receiver {
  readonly ticks: Ticks;
  /** All that has come, frames decoded. */
  readonly frames: SampleFrame[];
  /** How many frames had come at each hand-over. */
  readonly handOvers: number[];
}

function createReceiver(holdMs: number): Receiver {
  const reader = readerOf(proc, {
    nowMs: () => nowMs,
  });
  const clock = { originNs: 0n, startedUnixMs: 0, nowMs: () => nowMs, fromNs: Number };
  const ticks = createTicks({ clock, everyMs, reader });
  const frames: SampleFrame[] = [];
  const handOvers: number[] = [];
  ticks.subscribe((message) => {
    if (message.type === 'frame') frames.push(decodeFrame(message.buffer));
  });
  ticks.watch({ pid: root, owner: 'run' });
  if (holdMs > 0) ticks.hold(holdMs, () => handOvers.push(frames.length));
  return { ticks, frames, handOvers };
}

function tick(...receivers: readonly Receiver[]): void {
  nowMs += everyMs;
  for (const { ticks } of receivers) void ticks.take({ atMs: nowMs, missedTicks: 0 });
}

function run(index: number, cpuMs: number): void {
  const process = proc.processes.get(root + index);
  if (process === undefined) throw new Error(`there is no process ${index}`);
  process.cpuNs += cpuMs * 1e6;
}

/** Until nobody is looked at closely any more: the children of who has none are sought twenty times. */
function settle(...receivers: readonly Receiver[]): void {
  for (let count = 0; count < 40; count += 1) {
    run(1, 4);
    proc.forks += 1;
    tick(...receivers);
  }
}

beforeEach(() => {
  proc = createFakeProc();
  nowMs = 0;
  proc.start(root, 1);
  for (let index = 1; index < 12; index += 1) proc.start(root + index, root);
});

describe('a sampler whose receiver may be told later', () => {
  it('hands the frames of a quiet tree over together, as long after the first as it may', () => {
    const held = createReceiver(500);
    settle(held);
    const before = held.frames.length;
    const seen = Array.from({ length: 10 }, () => {
      run(1, 4);
      tick(held);
      return held.frames.length - before;
    });
    expect(new Set(seen)).toEqual(new Set([0, 5, 10]));
    expect(held.handOvers.slice(-2).map((count) => count - before)).toEqual([5, 10]);
    expect(held.frames.slice(before).map(({ atMs }) => atMs)).toEqual(
      Array.from({ length: 10 }, (_, index) => nowMs - 900 + index * 100),
    );
  });

  it('tells the same of every tick as one that tells it at once', () => {
    const held = createReceiver(500);
    const prompt = createReceiver(0);
    settle(held, prompt);
    for (let index = 0; index < 50; index += 1) {
      run(1, 4);
      if (index % 7 === 0) run(5, 3);
      if (index > 30) run(0, 1);
      tick(held, prompt);
    }
    held.ticks.handOver();
    const told = ({ frames }: Receiver): unknown[] =>
      frames.map(
        ({ sequence, atMs, cpuShare, cpuMs, totalCpuShare, totalCpuMs, coreBusy, coreWindowMs }) => ({
          sequence,
          atMs,
          cpuShare,
          cpuMs,
          totalCpuShare,
          totalCpuMs,
          coreBusy,
          coreWindowMs,
        }),
      );
    expect(told(held)).toEqual(told(prompt));
    expect(held.frames).toHaveLength(90);
  });

  it('reads no file but /proc/stat of a quiet tree until it hands over', () => {
    const held = createReceiver(1000);
    settle(held);
    held.ticks.handOver();
    const readings = (): number => [...proc.readCounts.values()].reduce((sum, count) => sum + count, 0);
    const before = readings();
    for (let index = 0; index < 9; index += 1) {
      run(1, 4);
      tick(held);
    }
    expect(readings() - before).toBe(9);
    tick(held);
    expect(readings() - before).toBeGreaterThan(10);
  });

  it('looks at once where much is used, a process ends, or one that may have a child runs', () => {
    const held = createReceiver(1000);
    settle(held);
    const isTold = (change: () => void): boolean => {
      held.ticks.handOver();
      run(1, 4);
      tick(held);
      const before = held.frames.length;
      change();
      tick(held);
      return held.frames.length === before + 2;
    };
    // Who sleeps is read in turns; who was seen to wake, at every tick from the next hand-over on.
    for (const woken of [4, 7]) run(woken, 1);
    for (let turn = 0; turn < 2; turn += 1) tick(held);
    expect(isTold(() => undefined)).toBe(false);
    expect(isTold(() => run(1, 60))).toBe(true);
    expect(isTold(() => proc.end(root + 7))).toBe(true);
    expect(
      isTold(() => {
        proc.start(300, root + 4);
        run(4, 1);
      }),
    ).toBe(true);
    expect(held.frames.at(-1)?.keys).toHaveLength(12);
  });

  it('brings what is held before a command is obeyed, and sends what belongs together in one message', () => {
    const { ticks } = createReceiver(0);
    const sent: SamplerReply[] = [];
    let isStopped = false;
    const obey = createObedience(
      ticks,
      (message) => sent.push(message),
      () => (isStopped = true),
    );
    obey({ type: 'subscribe', holdMs: 500 });
    const receiver = { ticks, frames: [], handOvers: [] };
    for (let index = 0; index < 5; index += 1) tick(receiver);
    const framesOf = (message: SamplerReply | undefined): number =>
      message?.type === 'batch' ? message.messages.filter(({ type }) => type === 'frame').length : 0;
    expect(sent.map(framesOf)).toEqual([5]);
    for (let index = 0; index < 3; index += 1) tick(receiver);
    expect(sent).toHaveLength(1);
    obey({ type: 'stop' });
    expect(sent.map(framesOf)).toEqual([5, 3]);
    expect(isStopped).toBe(true);
  });
});
