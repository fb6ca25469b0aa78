import { describe, expect, it } from 'vitest';
import { createTicks, type Ticks } from '../../../../../src/engine/sampler/index.ts';
import { decodeFrame } from '../../../../../src/shared/frame-codec.ts';
import type { SampleFrame } from '../../../../../src/shared/sample.ts';
import { createFakeProc, type FakeProc } from '../support/fake-proc.ts';
import { readerOf } from '../support/drawn-reader.ts';
import { createGlanceModel } from '../support/glance-model.ts';

/** A /proc of our own with a root and `count` children, to which `happens` is done at every tick. */

const root = 100;
const everyMs = 100;

interface Story {
  readonly children: number;
  readonly ticks: number;
  readonly holdMs: number;
  readonly happens: (proc: FakeProc, tick: number) => void;
}

interface Told {
  readonly frames: readonly SampleFrame[];
  /** Who came and went, in the order in which it was told. */
  readonly changes: readonly string[];
  /** How many frames had come at each hand-over. */
  readonly handOvers: readonly number[];
  /** How many ticks each call of the library took; empty where there is none. */
  readonly calls: readonly number[];
}

function run(proc: FakeProc, pid: number, cpuMs: number): void {
  const process = proc.processes.get(pid);
  if (process !== undefined) process.cpuNs += cpuMs * 1e6;
}

/** A child works a little, of which it has been seen that it begins nothing; processes are begun elsewhere. */
function purr(proc: FakeProc, tick: number): void {
  run(proc, root + 1, 4);
  if (tick < 60 || tick % 3 === 0) proc.forks += 1;
}

/** One child works a little, another more seldom, and processes are begun elsewhere. */
function murmur(proc: FakeProc, tick: number): void {
  run(proc, root + 1, 4);
  if (tick % 7 === 0) run(proc, root + 5, 3);
  if (tick < 40 || tick % 11 === 0) proc.forks += 1;
}

function tell({ children, ticks: tickCount, holdMs, happens }: Story, isAhead: boolean): Told {
  const proc = createFakeProc();
  proc.start(root, 1);
  for (let index = 1; index <= children; index += 1) proc.start(root + index, root);
  let nowMs = 0;
  let tick = 0;
  function passTo(atMs: number): void {
    nowMs = atMs;
    tick += 1;
    happens(proc, tick);
  }
  const model = createGlanceModel({
    sleepUntil: passTo,
    nowMs: () => nowMs,
    readNs: proc.readNs,
    readStat: () => Buffer.from(`cpu0 1 0 1 5 0 0 0 0 0 0\nprocesses ${proc.forks}\n`),
  });
  const bell = new Int32Array(new SharedArrayBuffer(8));
  const reader = readerOf(proc, {
    nowMs: () => nowMs,
    ...(isAhead ? { glancesAhead: { library: model, bell, originNs: 0n } } : {}),
  });
  const clock = { originNs: 0n, startedUnixMs: 0, nowMs: () => nowMs, fromNs: Number };
  const ticks: Ticks = createTicks({ clock, everyMs, reader });
  const frames: SampleFrame[] = [];
  const changes: string[] = [];
  const handOvers: number[] = [];
  ticks.subscribe((message) => {
    if (message.type === 'frame') frames.push(decodeFrame(message.buffer));
    else if (message.type === 'entities') {
      const came = message.appeared.map(({ pid, key }) => `+${pid}=${key}`);
      changes.push([...came, ...message.goneKeys.map((key) => `-${key}`)].join(' '));
    }
  });
  ticks.watch({ pid: root, owner: 'run' });
  ticks.hold(holdMs, () => handOvers.push(frames.length));
  // As the blocking loop does it.
  while (tick < tickCount) {
    const next = { atMs: nowMs + everyMs, missedTicks: 0 };
    if (ticks.takeAhead(next, 0).count > 0) continue;
    passTo(next.atMs);
    void ticks.take(next);
  }
  ticks.handOver();
  return { frames, changes, handOvers, calls: model.calls };
}

/** Asserts that both tell the same; answers how many ticks the library took in each of its calls. */
function expectTheSame(story: Story): readonly number[] {
  const ahead = tell(story, true);
  const inJavaScript = tell(story, false);
  // The story ends where it ends, in the middle of somebody's hold: what was read seldom then is read sooner by one.
  const common = story.ticks - story.holdMs / everyMs;
  expect(ahead.frames.length).toBeGreaterThan(common);
  const comparable = ({ frames }: Told): unknown =>
    // The cost of the sampler itself is the one thing that is not told of the story.
    frames.slice(0, common).map((frame) => ({ ...frame, ownCpuShare: 0, ownRssBytes: 0 }));
  expect(comparable(ahead)).toEqual(comparable(inJavaScript));
  expect(ahead.changes).toEqual(inJavaScript.changes);
  expect(inJavaScript.calls).toEqual([]);
  return ahead.calls;
}

describe('glances that a library takes', () => {
  it('come to the same frames as those taken in JavaScript, a whole hold at a time', () => {
    const calls = expectTheSame({ children: 11, ticks: 150, holdMs: 1000, happens: purr });
    expect(calls.filter((count) => count === 10).length).toBeGreaterThan(5);
  });

  it('come to the same where there are more processes than are read at a tick', () => {
    const calls = expectTheSame({ children: 60, ticks: 150, holdMs: 500, happens: murmur });
    expect(calls.filter((count) => count === 5).length).toBeGreaterThan(5);
  });

  it('come to the same where processes begin, end and burst into work', () => {
    const calls = expectTheSame({
      children: 20,
      ticks: 200,
      holdMs: 1000,
      happens(proc, tick) {
        murmur(proc, tick);
        if (tick === 84) run(proc, root + 3, 90);
        if (tick === 103) proc.end(root + 7);
        if (tick === 137) {
          proc.start(900, root + 4);
          run(proc, root + 4, 2);
        }
        if (tick > 150 && tick < 158) run(proc, 900, 80);
      },
    });
    // Each of them ended a call before its time.
    expect(calls.filter((count) => count < 10).length).toBeGreaterThan(2);
  });

  it('come to the same at a short hold, where each call takes three', () => {
    const calls = expectTheSame({ children: 11, ticks: 100, holdMs: 250, happens: purr });
    expect(calls.filter((count) => count === 3).length).toBeGreaterThan(5);
  });
});
