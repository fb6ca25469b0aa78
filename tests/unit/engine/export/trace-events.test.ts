import { expect, it } from 'vitest';
import { z } from 'zod';
import { traceEventFormat } from '../../../../src/engine/export/trace-events.ts';
import { drawnSession, drawnSource, textOf } from './support/drawn-recording.ts';

const traceShape = z.object({
  displayTimeUnit: z.literal('ms'),
  traceEvents: z.array(
    z.looseObject({ ph: z.string(), name: z.string(), pid: z.number(), ts: z.number().optional() }),
  ),
});

function eventsOf(drawing = drawnSession): z.infer<typeof traceShape>['traceEvents'] {
  return traceShape.parse(JSON.parse(textOf(traceEventFormat.write(drawnSource(drawing))))).traceEvents;
}

it('has the run as a slice, in microseconds', () => {
  expect(eventsOf().find(({ ph, name }) => ph === 'X' && name === 'threads × 2')).toMatchObject({
    cat: 'run',
    ts: 100_000,
    dur: 300_000,
    pid: 0,
  });
});

it('has a counter per core, with a value where it changes and none where it is not known', () => {
  const told = eventsOf().filter(({ ph, name }) => ph === 'C' && name === 'core 0 busy');
  expect(told.map(({ ts, args }) => [ts, args])).toEqual([
    [100_000, { share: 0.5 }],
    [200_000, { share: 1 }],
    [400_000, { share: 0.5 }],
  ]);
});

it('names processes and threads by their system ids, and has markers as moments', () => {
  const events = eventsOf({ ...drawnSession, processName: '</script>"\u001b[2J' });
  expect(events).toContainEqual({
    ph: 'M',
    name: 'process_name',
    pid: 4711,
    args: { name: '</script>"\u001b[2J' },
  });
  expect(events).toContainEqual({
    ph: 'M',
    name: 'thread_name',
    pid: 4711,
    tid: 4712,
    args: { name: 'worker 1' },
  });
  expect(events.find(({ ph }) => ph === 'i')).toMatchObject({
    name: 'loaded',
    ts: 150_000,
    args: { rows: '1000' },
  });
});
