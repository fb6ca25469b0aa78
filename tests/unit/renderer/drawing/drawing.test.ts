import { describe, expect, it } from 'vitest';
import { Drawing, type DrawingHost } from '../../../../src/renderer/drawing/drawing.ts';
import { plainRows } from '../../../../src/renderer/drawing/heat-rows.ts';
import type { ViewAnswer, ViewRequest, WorkerMessage } from '../../../../src/renderer/drawing/protocol.ts';
import type { Surface } from '../../../../src/renderer/drawing/surface.ts';
import { decodeFrame, encodeFrame } from '../../../../src/shared/frame-codec.ts';
import { drawnFrame } from '../../../support/drawn-frame.ts';

const everyMs = 100;
const workerClockBehindMs = 5_000;

function frame(sequence: number, atMs: number, coreBusy: readonly number[], droppedFrames = 0): ArrayBuffer {
  return encodeFrame(
    drawnFrame({
      sequence,
      atMs,
      droppedFrames,
      requestedEveryMs: everyMs,
      everyMs,
      coreWindowMs: everyMs,
      coreBusy: Float64Array.from(coreBusy),
    }),
  );
}

/** A worker whose clock, repaints and timers happen when the test says so. */
class Bench implements DrawingHost {
  readonly drawing = new Drawing(this);
  readonly answers: ViewAnswer[] = [];
  readonly view = this.drawing.openView((answer) => this.answers.push(answer));
  readonly surface: Surface = {
    present: (_painter, runs, firstBucket) => {
      const painted = runs.reduce((sum, { width }) => sum + width, 0);
      this.presented.push({ firstBucket, painted });
    },
  };
  readonly posted: WorkerMessage[] = [];
  readonly acknowledged: number[] = [];
  presented: { readonly firstBucket: number; readonly painted: number }[] = [];
  frameRequests = 0;
  private clockMs = 0;
  private repaint: (() => void) | null = null;
  private timers: { readonly dueMs: number; readonly callback: () => void }[] = [];

  post(message: WorkerMessage): void {
    this.posted.push(message);
  }
  requestFrame(draw: () => void): void {
    this.frameRequests += 1;
    this.repaint = draw;
  }
  nowMs(): number {
    return this.clockMs;
  }
  after(delayMs: number, callback: () => void): void {
    this.timers.push({ dueMs: this.clockMs + delayMs, callback });
  }

  page(...requests: Exclude<ViewRequest, { type: 'canvas' | 'close' }>[]): void {
    for (const request of requests) this.view.handle(request);
  }
  /** Lets time pass until a frame of that time arrives at once. */
  sample(sequence: number, atMs: number, coreBusy: readonly number[], droppedFrames = 0): void {
    this.passUntil(atMs);
    this.drawing.receive({ type: 'frame', buffer: frame(sequence, atMs, coreBusy, droppedFrames) }, (ack) =>
      this.acknowledged.push(ack.sequence),
    );
  }
  passUntil(sessionMs: number): void {
    this.clockMs = sessionMs - workerClockBehindMs;
    const due = this.timers.filter(({ dueMs }) => dueMs <= this.clockMs);
    this.timers = this.timers.filter(({ dueMs }) => dueMs > this.clockMs);
    for (const { callback } of due) callback();
  }
  repaintScreen(): void {
    const draw = this.repaint;
    this.repaint = null;
    draw?.();
  }
  only<Type extends WorkerMessage['type']>(type: Type): Extract<WorkerMessage, { type: Type }>[] {
    return this.posted.filter(
      (message): message is Extract<WorkerMessage, { type: Type }> => message.type === type,
    );
  }
  answered<Type extends ViewAnswer['type']>(type: Type): Extract<ViewAnswer, { type: Type }>[] {
    return this.answers.filter(
      (answer): answer is Extract<ViewAnswer, { type: Type }> => answer.type === type,
    );
  }
  /** Sequence numbers of the frames that the page got, by message. */
  batches(): number[][] {
    return this.only('frames').map(({ buffers }) => buffers.map((buffer) => decodeFrame(buffer).sequence));
  }
  hit(atMs: number, core: number) {
    this.page({ type: 'hit-test', requestId: 7, atMs, core });
    return this.answered('hit').at(-1)?.hit;
  }
}

const layout = {
  type: 'layout',
  widthPx: 100,
  heightPx: 20,
  devicePixelRatio: 1,
  rows: plainRows(2),
  heatHeightPx: 20,
  lanes: [],
} as const;

/** 100 columns of 100 ms. */
function bench(): Bench {
  const made = new Bench();
  made.view.drawOn(made.surface);
  made.page(layout, { type: 'follow', windowMs: 10_000 });
  return made;
}

describe('the drawing worker', () => {
  it('acknowledges every frame, and draws once per repaint however many came', () => {
    const one = bench();
    for (let tick = 1; tick <= 5; tick += 1) one.sample(tick, tick * everyMs, [0, 1]);
    one.repaintScreen();
    expect(one.acknowledged).toEqual([1, 2, 3, 4, 5]);
    expect(one.presented.length).toBe(1);
    expect(one.frameRequests).toBe(1);
  });

  it('draws nothing while the page is hidden and catches up when it is seen again', () => {
    const one = bench();
    one.repaintScreen();
    one.page({ type: 'visibility', visible: false });
    one.sample(1, 100, [0, 1]);
    one.repaintScreen();
    expect(one.presented).toEqual([]);
    expect(one.acknowledged).toEqual([1]);
    one.page({ type: 'visibility', visible: true });
    one.repaintScreen();
    expect(one.presented.length).toBe(1);
  });

  it('fills the window from the left, then follows the newest sample', () => {
    const one = bench();
    one.sample(1, 100, [0, 1]);
    one.repaintScreen();
    one.sample(2, 12_050, [0, 1]);
    one.repaintScreen();
    const [young, grown] = one.answered('view').slice(-2);
    expect(young).toMatchObject({ startMs: 0, endMs: 10_000, live: true, latestSampleMs: 100 });
    expect(grown).toMatchObject({ startMs: 2_100, endMs: 12_100, live: true, firstSampleMs: 100 });
  });

  it('holds a range still while samples come', () => {
    const one = bench();
    for (let tick = 1; tick <= 200; tick += 1) one.sample(tick, tick * everyMs, [0, 1]);
    one.page({ type: 'inspect', startMs: 3_000, spanMs: 5_000 });
    one.repaintScreen();
    one.sample(201, 20_100, [0, 1]);
    one.repaintScreen();
    expect(one.answered('view').at(-1)).toMatchObject({ startMs: 3_000, endMs: 8_000, live: false });
    expect(one.presented.length).toBe(1);
  });

  it('passes every frame on, in at most four batches a second', () => {
    const one = bench();
    for (let tick = 1; tick <= 10; tick += 1) one.sample(tick, tick * everyMs, [0, 1]);
    expect(one.batches()).toEqual([[1], [2, 3], [4, 5, 6], [7, 8, 9]]);
  });

  it('draws and passes on at the pace it is given, and what the user does at once', () => {
    const one = bench();
    one.passUntil(0);
    one.drawing.handle({ type: 'pace', everyMs: 500 });
    one.page({ type: 'reduction', reduction: 'max' });
    one.repaintScreen();
    one.presented = [];
    for (let tick = 1; tick <= 10; tick += 1) {
      one.sample(tick, tick * everyMs, [0, 1]);
      one.repaintScreen();
    }
    expect(one.presented.length).toBe(2);
    expect(one.batches()).toEqual([[1], [2, 3, 4, 5]]);
    one.page({ type: 'inspect', startMs: 0, spanMs: 500 });
    one.repaintScreen();
    expect(one.presented.length).toBe(3);
  });

  it('passes on the topology at once', () => {
    const bench = new Bench();
    const usable = {
      count: 1,
      boundBy: 'quota',
      onlineCores: 2,
      affinityCores: 2,
      cpusetCores: null,
      quotaCores: 0.5,
    } as const;
    const message = { type: 'topology', topology: { cores: [], usable, kernelTickMs: 4 } } as const;
    bench.drawing.receive(message, () => undefined);
    expect(bench.posted).toEqual([message]);
  });

  it('passes on entities at once', () => {
    const one = bench();
    const entities = { type: 'entities', appeared: [], goneKeys: [4] } as const;
    one.drawing.receive(entities, () => undefined);
    expect(one.posted.at(-1)).toEqual(entities);
  });

  it('tells min, mean, max and count of the pixel under the pointer', () => {
    const one = bench();
    one.page({ type: 'follow', windowMs: 100_000 });
    [0.1, 0.2, 0.6].forEach((busy, index) => one.sample(index + 1, 1_100 + index * everyMs, [0, busy]));
    const hit = one.hit(1_250, 1);
    expect(hit).toMatchObject({
      state: 'measured',
      startMs: 1_000,
      endMs: 2_000,
      min: 0.1,
      max: 0.6,
      samples: 3,
    });
    expect(hit?.state === 'measured' ? hit.mean : null).toBeCloseTo(0.3, 9);
  });

  it('tells a hole, a core without a value and unrecorded time apart from idle', () => {
    const one = bench();
    one.sample(1, 500, [0, Number.NaN]);
    one.sample(2, 1_500, [0, 0]);
    expect(one.hit(450, 0)).toMatchObject({ state: 'measured', max: 0 });
    expect(one.hit(450, 1)).toMatchObject({ state: 'missing' });
    expect(one.hit(1_050, 0)).toEqual({ state: 'missing', startMs: 1_000, endMs: 1_100 });
    expect(one.hit(9_000, 0)).toEqual({ state: 'outside' });
  });

  it('shows a sampler that has fallen silent as missing time that goes on', () => {
    const one = bench();
    for (let tick = 1; tick <= 120; tick += 1) one.sample(tick, tick * everyMs, [0, 1]);
    one.repaintScreen();
    one.passUntil(12_000 + 1_400);
    one.repaintScreen();
    expect(one.answered('view').at(-1)?.endMs).toBe(12_100);
    one.passUntil(12_000 + 3_000);
    one.repaintScreen();
    expect(one.answered('view').at(-1)?.endMs).toBe(15_100);
    expect(one.hit(14_000, 0)).toMatchObject({ state: 'missing' });
  });

  it('says once that frames cannot be read, with what to do', () => {
    const one = bench();
    for (let tick = 0; tick < 3; tick += 1) {
      one.drawing.receive({ type: 'frame', buffer: new ArrayBuffer(12) }, () => undefined);
    }
    expect(one.only('problem').map(({ problem }) => problem.kind)).toEqual(['frame-unreadable']);
  });

  it('keeps the history when a core is added', () => {
    const one = bench();
    one.sample(1, 500, [0.5]);
    one.sample(2, 600, [0.5, 0.2]);
    expect(one.hit(500, 0)).toMatchObject({ state: 'measured', max: 0.5 });
    expect(one.hit(500, 1)).toMatchObject({ state: 'missing' });
    expect(one.hit(600, 1)).toMatchObject({ state: 'measured', max: 0.2 });
  });

  it('draws every view, and a view that is closed no more', () => {
    const one = bench();
    const second: number[] = [];
    const other = one.drawing.openView(() => second.push(1));
    other.drawOn({ present: () => undefined });
    other.handle(layout);
    one.sample(1, 100, [0, 1]);
    one.repaintScreen();
    expect([one.answered('view').length, second.length]).toEqual([1, 1]);
    one.drawing.closeView(other);
    one.sample(2, 200, [0, 1]);
    one.repaintScreen();
    expect([one.answered('view').length, second.length]).toEqual([2, 1]);
  });

  it('sums up a range: cores, time with so many busy, and the run', () => {
    const one = bench();
    for (let tick = 1; tick <= 20; tick += 1) one.sample(tick, tick * everyMs, [tick <= 10 ? 1 : 0, 1]);
    one.page({ type: 'summarize', requestId: 1, startMs: 500, endMs: 1_500 });
    const statistics = one.answered('statistics')[0]?.statistics;
    expect(statistics).toMatchObject({ startMs: 500, endMs: 1_500, coveredMs: 1_000, runMs: 0 });
    expect(statistics?.busyCores).toBeCloseTo(1.5, 9);
    expect([...(statistics?.coreMean ?? [])]).toEqual([0.5, 1]);
    expect([...(statistics?.coreMax ?? [])]).toEqual([1, 1]);
    expect([...(statistics?.timeByBusyCores ?? [])]).toEqual([0, 500, 500]);
    expect(statistics?.runCpuMs).toBeNaN();
  });

  it('puts a range into columns of numbers', () => {
    const one = bench();
    for (let tick = 1; tick <= 20; tick += 1) one.sample(tick, tick * everyMs, [tick <= 10 ? 1 : 0, 1]);
    one.page({ type: 'tabulate', requestId: 1, startMs: 50, endMs: 4_050, columns: 4 });
    const columns = one.answered('cells')[0]?.columns ?? [];
    expect(columns.map(({ mean }) => [...mean])).toEqual([
      [1, 1],
      [0, 1],
      [Number.NaN, Number.NaN],
      [Number.NaN, Number.NaN],
    ]);
  });
});
