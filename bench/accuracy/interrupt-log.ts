/**
 * Interrupts in a trace of one core, from Linux's events irq_vectors (x86: the timer's and other cores' calls),
 * irq_handler (devices, and the timer of other processors) and softirq.
 */

const interruptLine = /\s(\d+\.\d+): \w+_(entry|exit): (?:vector|irq|vec)=/;

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * When the core was with an interrupt, ascending, begins and ends in turn, milliseconds on the trace's clock; one
 * within another is part of it. What lies outside of the span is passed over.
 */
export function listInterrupts(text: string, { fromMs, toMs }: Span): number[] {
  const edges: number[] = [];
  let depth = 0;
  for (const line of text.split('\n')) {
    const [, seconds, side] = interruptLine.exec(line) ?? [];
    const atMs = Number(seconds) * 1000;
    if (!(atMs >= fromMs && atMs <= toMs)) continue;
    // An exit whose entry was before the span began.
    if (side === 'exit' && depth === 0) continue;
    depth += side === 'entry' ? 1 : -1;
    if (side === 'entry' ? depth === 1 : depth === 0) edges.push(atMs);
  }
  if (depth > 0) edges.push(toMs);
  return edges;
}

/** What of the first lies in none of the second: both begins and ends in turn, ascending. */
export function without(edges: readonly number[], others: readonly number[]): number[] {
  const left: number[] = [];
  let other = 0;
  for (let index = 0; index + 1 < edges.length; index += 2) {
    let fromMs = edges[index] ?? Number.NaN;
    const toMs = edges[index + 1] ?? Number.NaN;
    while ((others[other + 1] ?? Number.POSITIVE_INFINITY) <= fromMs) other += 2;
    for (let next = other; (others[next] ?? Number.POSITIVE_INFINITY) < toMs; next += 2) {
      const beginMs = others[next] ?? toMs;
      if (beginMs > fromMs) left.push(fromMs, beginMs);
      fromMs = others[next + 1] ?? toMs;
    }
    if (fromMs < toMs) left.push(fromMs, toMs);
  }
  return left;
}
