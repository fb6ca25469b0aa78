import type { SampleFrame } from '../../shared/sample.ts';
import { preOrder, type TreeShape } from './process-tree.ts';
import type { TreeColumn } from './tree-columns.ts';

export interface TreeOrder {
  readonly column: TreeColumn;
  readonly descending: boolean;
}

/** The tree as its lines are to stand: all places, parents before what is below them, siblings sorted. */
export type Sequence = Int32Array;

/** What the last order was made of, and what came of it. */
interface Sorted {
  readonly shape: TreeShape;
  readonly order: TreeOrder;
  /** By place: the least comes first, NaN last. */
  readonly keys: Float64Array;
  readonly ranked: Int32Array;
  readonly sequence: Sequence;
}

/**
 * Sorts one tree again and again. From one sample to the next a tenth of the rows has another value: those are
 * sorted, and merged with the others, which are in order already.
 */
export class TreeSorter {
  #sorted: Sorted | null = null;

  /**
   * Siblings sorted by the most (ascending: the least) that they or anything below them have, so that the greatest of
   * all is on the topmost branch; what is unknown comes last, and equals stay in the order in which they were first
   * seen. The very same array as before where no value has changed.
   */
  sequenceOf(shape: TreeShape, frame: SampleFrame, order: TreeOrder): Sequence {
    const before = this.#sorted;
    const keys = extremesOf(shape, frame, order);
    const isSameOrder =
      before?.shape === shape &&
      before.order.column === order.column &&
      before.order.descending === order.descending;
    const ranked = isSameOrder ? rankAgain(before.ranked, before.keys, keys) : rank(keys);
    if (isSameOrder && ranked === before.ranked) return before.sequence;
    const sequence = preOrder(shape.parents, ranked);
    this.#sorted = { shape, order, keys, ranked, sequence };
    return sequence;
  }
}

/** As the rows stood when somebody asked that they stay: by the places of their keys then; what is new comes last. */
export function heldSequence(shape: TreeShape, heldPlaces: ReadonlyMap<number, number>): Sequence {
  const keys = Float64Array.from(shape.nodes, ({ entity }) => heldPlaces.get(entity.key) ?? Number.NaN);
  return preOrder(shape.parents, rank(keys));
}

function extremesOf(shape: TreeShape, frame: SampleFrame, order: TreeOrder): Float64Array {
  const { parents } = shape;
  const sign = order.descending ? -1 : 1;
  const extremes = numbersOf(shape, frame, order);
  if (extremes === null) return textPlacesOf(shape, frame, order);
  for (let place = 0; place < extremes.length; place += 1)
    extremes[place] = sign * (extremes[place] ?? Number.NaN);
  for (let place = extremes.length - 1; place >= 0; place -= 1) {
    const parent = parents[place] ?? -1;
    if (parent < 0) continue;
    const own = extremes[place] ?? Number.NaN;
    const above = extremes[parent] ?? Number.NaN;
    if (own < above || Number.isNaN(above)) extremes[parent] = own;
  }
  return extremes;
}

/** By place; null where the column has texts. */
function numbersOf(
  { nodes, rows }: TreeShape,
  frame: SampleFrame,
  { column }: TreeOrder,
): Float64Array | null {
  const numbers = new Float64Array(nodes.length);
  if (column.rowColumn !== undefined) {
    const values = frame[column.rowColumn];
    for (let place = 0; place < rows.length; place += 1)
      numbers[place] = values[rows[place] ?? -1] ?? Number.NaN;
    return numbers;
  }
  for (const [place, node] of nodes.entries()) {
    const value = column.value(node, frame);
    if (typeof value === 'string') return null;
    numbers[place] = value;
  }
  return numbers;
}

/** Texts by their place among all texts; what is below a row says nothing of the row's own. */
function textPlacesOf(
  { nodes }: TreeShape,
  frame: SampleFrame,
  { column, descending }: TreeOrder,
): Float64Array {
  const values = nodes.map((node) => column.value(node, frame));
  const texts = [...new Set(values)].filter((value) => value !== '').sort();
  const placeOf = new Map(texts.map((text, place) => [text, place]));
  const sign = descending ? -1 : 1;
  return Float64Array.from(values, (text) => sign * (placeOf.get(text) ?? Number.NaN));
}

function comparator(keys: Float64Array): (one: number, other: number) => number {
  return (one, other) => {
    const oneKey = keys[one] ?? Number.NaN;
    const otherKey = keys[other] ?? Number.NaN;
    if (oneKey < otherKey) return -1;
    if (oneKey > otherKey) return 1;
    if (oneKey === otherKey) return one - other;
    return Number(Number.isNaN(oneKey)) - Number(Number.isNaN(otherKey)) || one - other;
  };
}

function rank(keys: Float64Array): Int32Array {
  return Int32Array.from(keys, (_, place) => place).sort(comparator(keys));
}

/** `ranked` itself where all is as it was. */
function rankAgain(ranked: Int32Array, before: Float64Array, keys: Float64Array): Int32Array {
  const changed: number[] = [];
  const unchanged = new Int32Array(ranked.length);
  let kept = 0;
  for (let at = 0; at < ranked.length; at += 1) {
    const place = ranked[at] ?? -1;
    if (Object.is(keys[place], before[place])) {
      unchanged[kept] = place;
      kept += 1;
    } else changed.push(place);
  }
  if (changed.length === 0) return ranked;
  const compare = comparator(keys);
  changed.sort(compare);
  const merged = new Int32Array(ranked.length);
  let fromUnchanged = 0;
  let fromChanged = 0;
  for (let at = 0; at < merged.length; at += 1) {
    const one = unchanged[fromUnchanged] ?? -1;
    const other = changed[fromChanged] ?? -1;
    const isUnchangedNext =
      fromChanged === changed.length || (fromUnchanged < kept && compare(one, other) < 0);
    if (isUnchangedNext) fromUnchanged += 1;
    else fromChanged += 1;
    merged[at] = isUnchangedNext ? one : other;
  }
  return merged;
}
