import { PerformanceObserver, performance, type PerformanceEntry } from 'node:perf_hooks';
import type { SendMessage } from './messages.ts';

/** Marks of one worker that are told; a loop that sets one a round would otherwise measure our messages. */
const mostMarks = 1000;
const mostValues = 20;
const longestText = 500;

/**
 * Tells the marks that the work sets with `performance.mark(name, { detail })`. The observer's own turn comes only when
 * the work lets go of the event loop, so `tell` asks for those that wait.
 */
export function listenForMarks(worker: number, send: SendMessage): { tell(): void } {
  let told = 0;
  function tellEntries(entries: readonly PerformanceEntry[]): void {
    if (entries.length === 0) return;
    // A thread's performance clock begins with the thread; both clocks read here give the moment on the machine's.
    const nowNs = process.hrtime.bigint();
    const nowMs = performance.now();
    for (const entry of entries) {
      const { name, startTime } = entry;
      // Node's types know it of marks only.
      const detail: unknown = 'detail' in entry ? entry.detail : null;
      told += 1;
      if (told > mostMarks) return;
      const ns = nowNs - BigInt(Math.round((nowMs - startTime) * 1e6));
      send({ type: 'mark', ns: String(ns), worker, name: cut(name), values: valuesOf(detail) });
    }
  }
  const observer = new PerformanceObserver((list) => tellEntries(list.getEntries()));
  observer.observe({ type: 'mark' });
  return {
    tell: () => {
      if (told < mostMarks) tellEntries(observer.takeRecords());
    },
  };
}

/** A detail may be anything: its parts by name where it has some, else the whole as one. */
function valuesOf(detail: unknown): Record<string, string> {
  if (detail === null || detail === undefined) return {};
  if (typeof detail !== 'object' || Array.isArray(detail)) return { detail: textOf(detail) };
  const entries = Object.entries(detail).slice(0, mostValues);
  return Object.fromEntries(entries.map(([name, value]) => [cut(name), textOf(value)]));
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return cut(value);
  try {
    // Undefined for a function or a symbol, whatever its type says; and a cycle throws.
    const text: unknown = JSON.stringify(value);
    return cut(typeof text === 'string' ? text : typeof value);
  } catch {
    return typeof value;
  }
}

function cut(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}
