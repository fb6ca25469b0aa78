import { writeSync } from 'node:fs';
import { eventDescriptor, type HostEvent } from '../protocol.ts';

/** As in worker.ts: what happens more often than this is told together. */
const tellEveryMs = 20;
/** Half of what Corescope takes for one line; longer words are cut. */
const mostTextCharacters = 8_000;

let waiting: HostEvent[] = [];
let timer: NodeJS.Timeout | null = null;

/**
 * Writes events to descriptor 3, synchronously: the host's event loop may be blocked by the work itself, and an
 * event that waits for it would come too late. Corescope reads all the time, so a write does not block.
 */
export function writeEvents(events: readonly HostEvent[]): void {
  const due = [...waiting, ...events];
  waiting = [];
  if (timer !== null) clearTimeout(timer);
  timer = null;
  if (due.length === 0) return;
  let rest = Buffer.from(due.map(lineOf).join(''));
  while (rest.length > 0) rest = rest.subarray(writeSync(eventDescriptor, rest));
}

/** Writes events soon, together with others; for strategies whose host is free to wait. */
export function queueEvents(events: readonly HostEvent[]): void {
  waiting.push(...events);
  timer ??= setTimeout(() => writeEvents([]), tellEveryMs).unref();
}

/** Short tasks make these two by the thousand, between one task and the next: written out, they cost a tenth. */
function lineOf(event: HostEvent): string {
  if (event.type === 'task-started' || event.type === 'task-finished') {
    const { type, ns, task, worker } = event;
    return `{"type":"${type}","ns":"${ns}","task":${task},"worker":${worker ?? 'null'}}\n`;
  }
  return `${JSON.stringify(shorten(event))}\n`;
}

function shorten(event: HostEvent): HostEvent {
  if (event.type === 'note') return { ...event, text: cut(event.text) };
  if (event.type === 'failed') return { ...event, message: cut(event.message) };
  if (event.type === 'metric') return { ...event, name: cut(event.name), unit: cut(event.unit) };
  return event;
}

function cut(text: string): string {
  return text.length > mostTextCharacters ? `${text.slice(0, mostTextCharacters)}…` : text;
}
