import { z } from 'zod';
import type { JsonValue, RecordedEvent } from '../../shared/recording.ts';
import { decodeJson } from './json-payload.ts';

const jsonValue: z.ZodType<JsonValue> = z.json();

export const markerShape = z.object({
  kind: z.enum(['marker', 'begin', 'end']),
  name: z.string(),
  values: z.record(z.string(), z.string()),
});

const atMs = z.number();

const eventShape = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), atMs, event: jsonValue }),
  z.object({
    type: z.literal('marker'),
    atMs,
    source: z.enum(['protocol', 'pattern', 'hand', 'performance-mark']),
    entityKey: z.int().nullable(),
    marker: markerShape,
  }),
  z.object({ type: z.literal('note'), atMs, text: z.string() }),
]);

/** An event of a later version has another type: it is left out, and the others are kept. */
const looseEvents = z.array(z.unknown());

/** An events block is a JSON array. Throws `MalformedBlock` where it is not. */
export function decodeEvents(payload: Uint8Array): RecordedEvent[] {
  return decodeJson(payload, looseEvents, 'a block of events').flatMap((value) => {
    const event = eventShape.safeParse(value);
    return event.success ? [event.data] : [];
  });
}
