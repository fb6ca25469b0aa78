import { writeSync } from 'node:fs';
import { eventDescriptor, type HostEvent } from '../protocol.ts';
import { splitShareTasks } from '../share-tasks.ts';

/**
 * What happens within this time is told together: each time wakes Corescope, which takes a core from the work. Longer
 * shows a run later.
 */
const tellEveryMs = 50;
/** Half of what Corescope takes for one line; longer words are cut. */
const mostTextCharacters = 8_000;

let waiting: HostEvent[] = [];
let timer: NodeJS.Timeout | null = null;
let writtenMs = 0;

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
  writtenMs = Date.now();
  let rest = Buffer.from(due.map(lineOf).join(''));
  while (rest.length > 0) rest = rest.subarray(writeSync(eventDescriptor, rest));
}

/** Whether the work itself runs on the host's event loop: then no timer comes while a task blocks it. */
export type HostLoop = 'free' | 'blocked';

/**
 * Writes events together with others: soon, and before the end in any case; on a blocked loop at once where nothing has
 * been written for a while. So a short run is not interrupted by writing, which is done when it has been measured.
 */
export function queueEvents(events: readonly HostEvent[], loop: HostLoop): void {
  for (const event of events) waiting.push(event);
  if (loop === 'blocked' && Date.now() - writtenMs >= tellEveryMs) writeEvents([]);
  else timer ??= setTimeout(() => writeEvents([]), tellEveryMs).unref();
}

/** Short tasks make these two by the thousand, between one task and the next: written out, they cost a tenth. */
function lineOf(event: HostEvent): string {
  if (event.type === 'task-started' || event.type === 'task-finished') {
    const { type, ns, task, worker } = event;
    return `{"type":"${type}","ns":"${ns}","task":${task},"worker":${worker ?? 'null'}}\n`;
  }
  if (event.type === 'share-tasks') {
    return Array.from(splitShareTasks(event), (part) => `${JSON.stringify(part)}\n`).join('');
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
