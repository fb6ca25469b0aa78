import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHostEvent } from '../../../../src/engine/runner/host-event.ts';
import type { HostEvent } from '../../../../src/engine/runner/protocol.ts';
import { workerKinds } from '../../../../src/shared/experiment-event.ts';
import { runtimes } from '../../../../src/shared/workload.ts';

const ns = fc.bigInt({ min: 0n, max: 2n ** 63n }).map(String);
const count = fc.nat();
/** JSON has no minus zero. */
const seconds = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);
const event: fc.Arbitrary<HostEvent> = fc.oneof(
  fc.record({
    type: fc.constant('ready' as const),
    ns,
    interpreter: fc.record({
      runtime: fc.constantFrom(...runtimes),
      version: fc.string(),
      executable: fc.string(),
      implementation: fc.string(),
      gilEnabled: fc.option(fc.boolean()),
      freeThreadedBuild: fc.option(fc.boolean()),
      startMethod: fc.option(fc.string()),
    }),
  }),
  fc.record({ type: fc.constant('started' as const), ns }),
  fc.record({
    type: fc.constant('worker-ready' as const),
    ns,
    worker: fc.record({
      index: count,
      name: fc.string(),
      pid: fc.integer({ min: 1 }),
      tid: fc.option(fc.integer({ min: 1 })),
      kind: fc.constantFrom(...workerKinds),
    }),
  }),
  fc.record({
    type: fc.constantFrom('task-started' as const, 'task-finished' as const),
    ns,
    task: count,
    worker: fc.option(count),
  }),
  fc.record({
    type: fc.constant('share-tasks' as const),
    ns,
    worker: count,
    lengthsNs: fc.array(count, { maxLength: 1_000 }),
    firstTask: count,
    taskStep: fc.integer({ min: 1 }),
    firstIsTold: fc.boolean(),
    nextIsStarted: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('worker-exited' as const),
    ns,
    index: count,
    pid: fc.integer({ min: 1 }),
    code: fc.option(fc.integer()),
    signal: fc.option(fc.string()),
    cpuSeconds: fc.option(seconds),
    maxRssBytes: fc.option(count),
  }),
  fc.record({
    type: fc.constant('gil' as const),
    ns,
    enabled: fc.boolean(),
    culprit: fc.option(fc.string()),
  }),
  fc.record({
    type: fc.constant('metric' as const),
    ns,
    name: fc.string(),
    value: seconds,
    unit: fc.string(),
    worker: fc.option(count),
  }),
  fc.record({ type: fc.constant('note' as const), ns, text: fc.string(), worker: fc.option(count) }),
  fc.record({
    type: fc.constant('finished' as const),
    ns,
    wallNs: ns,
    startupNs: ns,
    workNs: ns,
    tearDownNs: ns,
    messageNs: fc.option(ns),
    cpuSeconds: fc.option(seconds),
    checksum: fc.constant('0123456789abcdef'),
    workers: fc.integer({ min: 1 }),
    lostTasks: count,
  }),
  fc.record({
    type: fc.constant('failed' as const),
    ns,
    message: fc.string(),
    worker: fc.option(count),
  }),
);

describe('parseHostEvent', () => {
  it('reads back every event that a host can write', () => {
    fc.assert(
      fc.property(event, (written) => {
        const read = parseHostEvent(JSON.stringify(written));
        expect(read).toEqual({ ok: true, value: written });
      }),
    );
  });

  it('takes any other line as a problem and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        expect(parseHostEvent(line)).toMatchObject({ ok: false, problem: { kind: 'host-protocol' } });
      }),
    );
  });

  it.each([
    ['hello', 'The run host wrote a line that is not an event: "hello".'],
    [
      '{"type":"started","ns":12}',
      String.raw`The run host wrote a line that is not an event at "ns": "{\"type\":\"started\",\"ns\":12}".`,
    ],
    [
      '{"type":"worker-ready","ns":"1","worker":{"index":0,"name":"w","pid":0,"tid":null,"kind":"main"}}',
      String.raw`The run host wrote a line that is not an event at "worker.pid": "{\"type\":\"worker-ready\",\"ns\":\"1\",\"worker\":{\"index\":0,\"name\":\"w\",\"pid\":0,\"tid\":null,\"kind\":\"main\"}}".`,
    ],
    [
      '{"type":"exploded","ns":"1"}',
      String.raw`The run host wrote a line that is not an event at "type": "{\"type\":\"exploded\",\"ns\":\"1\"}".`,
    ],
  ])('shows what is wrong with %s', (line, message) => {
    expect(parseHostEvent(line)).toMatchObject({ problem: { message } });
  });

  it('shows the beginning of a long line only', () => {
    expect(parseHostEvent('x'.repeat(5_000))).toMatchObject({
      problem: { message: `The run host wrote a line that is not an event: "${'x'.repeat(120)}…".` },
    });
  });
});
