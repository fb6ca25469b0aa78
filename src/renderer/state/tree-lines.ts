import type { SampleFrame } from '../../shared/sample.ts';
import type { ProcessTree, TreeNode } from './process-tree.ts';
import type { TreeColumn } from './tree-columns.ts';

/** One line of the table, from the top. */
export interface TreeLine {
  readonly node: TreeNode;
  /** The frame that has its numbers. */
  readonly frame: SampleFrame;
  /** 0 for the root of a tree. */
  readonly depth: number;
  readonly hasChildren: boolean;
  readonly isOpen: boolean;
  /** False where it is only there because of a match below it. */
  readonly matches: boolean;
}

export interface TreeOrder {
  readonly column: TreeColumn;
  readonly descending: boolean;
}

export interface LineOptions {
  readonly closedKeys: ReadonlySet<number>;
  /** Null keeps siblings in the order in which they were first seen. */
  readonly order: TreeOrder | null;
  /** Instead of `order`: places by key, as they were; what has none comes last. */
  readonly heldPlaces: ReadonlyMap<number, number> | null;
  /** Null lets everything through. */
  readonly matches: ((node: TreeNode, frame: SampleFrame) => boolean) | null;
}

/**
 * The tree as lines: siblings sorted by the most (ascending: the least) that they or anything below them have, so
 * that the greatest of all is on the topmost branch; closed rows without what is below them. Under a filter a row is there when it
 * or something below it matches, and what leads to a match is open whatever was closed.
 */
export function treeLines({ roots, frame }: ProcessTree, options: LineOptions, baseDepth = 0): TreeLine[] {
  if (frame === null) return [];
  const lines: TreeLine[] = [];
  const compare = comparatorOf(options, frame);
  const append = (siblings: readonly TreeNode[], depth: number): void => {
    const sorted = compare === null || siblings.length < 2 ? siblings : compare(siblings);
    for (const node of sorted) {
      const at = lines.length;
      const matches = options.matches?.(node, frame) ?? true;
      const hasChildren = node.children.length > 0;
      const isOpen = hasChildren && (options.matches !== null || !options.closedKeys.has(node.entity.key));
      lines.push({ node, frame, depth, hasChildren, isOpen, matches });
      if (!isOpen) {
        if (!matches) lines.pop();
        continue;
      }
      append(node.children, depth + 1);
      // The filter let nothing below it through.
      if (lines.length > at + 1) continue;
      lines.pop();
      if (matches) lines.push({ node, frame, depth, hasChildren: false, isOpen: false, matches });
    }
  };
  append(roots, baseDepth);
  return lines;
}

function comparatorOf(
  { order, heldPlaces }: LineOptions,
  frame: SampleFrame,
): ((siblings: readonly TreeNode[]) => readonly TreeNode[]) | null {
  if (heldPlaces !== null) {
    const placeOf = ({ entity }: TreeNode): number => heldPlaces.get(entity.key) ?? Number.MAX_SAFE_INTEGER;
    return (siblings) => [...siblings].sort((one, other) => placeOf(one) - placeOf(other));
  }
  if (order === null) return null;
  const { column, descending } = order;
  const sign = descending ? -1 : 1;
  // Once per row: a value may be costly to get, and is compared many times.
  const extremes = new Map<TreeNode, number | string>();
  const extremeOf = (node: TreeNode): number | string => {
    const known = extremes.get(node);
    if (known !== undefined) return known;
    const extreme = node.children
      .map(extremeOf)
      .reduce(
        (best, each) =>
          typeof best === 'number' && typeof each === 'number' && compareValues(each, best, sign) < 0
            ? each
            : best,
        column.value(node, frame),
      );
    extremes.set(node, extreme);
    return extreme;
  };
  return (siblings) =>
    siblings
      .map((node) => ({ node, value: extremeOf(node) }))
      .sort((one, other) => compareValues(one.value, other.value, sign))
      .map(({ node }) => node);
}

/** What is unknown comes last, in either direction. */
function compareValues(one: number | string, other: number | string, sign: 1 | -1): number {
  const oneUnknown = one === '' || Number.isNaN(one);
  const otherUnknown = other === '' || Number.isNaN(other);
  if (oneUnknown || otherUnknown) return Number(oneUnknown) - Number(otherUnknown);
  return one < other ? -sign : one > other ? sign : 0;
}

/** Places by key, to hold an order. */
export function placesOf(lines: readonly TreeLine[]): ReadonlyMap<number, number> {
  return new Map(lines.map(({ node }, place) => [node.entity.key, place]));
}
