import { writeSync } from 'node:fs';
import { eventDescriptor, type HostEvent } from '../protocol.ts';

/**
 * Writes events to descriptor 3, synchronously: the host's event loop may be blocked by the work itself, and an
 * event that waits for it would come too late. Corescope reads all the time, so a write does not block.
 */
export function writeEvents(events: readonly HostEvent[]): void {
  if (events.length === 0) return;
  let rest = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  while (rest.length > 0) rest = rest.subarray(writeSync(eventDescriptor, rest));
}
