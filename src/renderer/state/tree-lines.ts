import type { TreeNode, TreeShape } from './process-tree.ts';
import type { Sequence } from './tree-order.ts';

/** One line of the table. Its numbers stand in the frame of the tree that it is of. */
export interface TreeLine {
  readonly node: TreeNode;
  /** 0 for the root of a tree. */
  readonly depth: number;
  readonly hasChildren: boolean;
  readonly isOpen: boolean;
  /** False where it is only there because of a match below it. */
  readonly matches: boolean;
  /** Of Corescope's own tree. */
  readonly isOwn: boolean;
}

export function isSameLine(one: TreeLine, other: TreeLine): boolean {
  return (
    one.node === other.node &&
    one.depth === other.depth &&
    one.hasChildren === other.hasChildren &&
    one.isOpen === other.isOpen &&
    one.matches === other.matches &&
    one.isOwn === other.isOwn
  );
}

export interface LineOptions {
  readonly closedKeys: ReadonlySet<number>;
  /** Null keeps siblings in the order in which they were first seen. */
  readonly sequence: Sequence | null;
  /** By place, 1 for what the filter lets through; null where it lets everything through. */
  readonly matches: Uint8Array | null;
  readonly isOwn?: boolean;
  readonly baseDepth?: number;
}

/** What a line has below it. */
const leaf = 0;
const closed = 1;
const open = 2;

/** The lines of one tree, from the top. A line is made when somebody looks at it: of 5 000 one sees 40. */
export class TreeLines {
  readonly length: number;
  readonly #shape: TreeShape;
  readonly #options: LineOptions;
  readonly #places: Int32Array;
  readonly #states: Uint8Array;

  /**
   * Closed rows are without what is below them. Under a filter a row is there when it or something below it matches,
   * and what leads to a match is open whatever was closed.
   */
  constructor(shape: TreeShape, options: LineOptions) {
    this.#shape = shape;
    this.#options = options;
    const { nodes, sizes } = shape;
    const { closedKeys, sequence, matches } = options;
    const below = matches === null ? null : matchesBelow(shape, matches);
    this.#places = new Int32Array(nodes.length);
    this.#states = new Uint8Array(nodes.length);
    let length = 0;
    for (let at = 0; at < nodes.length;) {
      const place = sequence === null ? at : (sequence[at] ?? -1);
      const size = sizes[place] ?? 1;
      const leadsOn = below === null ? size > 1 : below[place] === 1;
      if (matches !== null && !leadsOn && matches[place] === 0) {
        at += size;
        continue;
      }
      const isOpen = leadsOn && (matches !== null || !closedKeys.has(nodes[place]?.entity.key ?? Number.NaN));
      this.#places[length] = place;
      this.#states[length] = isOpen ? open : leadsOn ? closed : leaf;
      length += 1;
      at += isOpen ? 1 : size;
    }
    this.length = length;
  }

  at(index: number): TreeLine | undefined {
    const place = index < this.length ? (this.#places[index] ?? -1) : -1;
    const node = this.#shape.nodes[place];
    if (node === undefined) return undefined;
    const { matches, isOwn = false, baseDepth = 0 } = this.#options;
    const state = this.#states[index];
    return {
      node,
      depth: (this.#shape.depths[place] ?? 0) + baseDepth,
      hasChildren: state !== leaf,
      isOpen: state === open,
      matches: matches === null || matches[place] === 1,
      isOwn,
    };
  }

  /** -1 where there is no line of it. */
  indexOf(key: number): number {
    for (let index = 0; index < this.length; index += 1) {
      if (this.#shape.nodes[this.#places[index] ?? -1]?.entity.key === key) return index;
    }
    return -1;
  }
}

/** By place, 1 where something below it matches. */
function matchesBelow({ parents }: TreeShape, matches: Uint8Array): Uint8Array {
  const below = new Uint8Array(matches.length);
  for (let place = matches.length - 1; place >= 0; place -= 1) {
    const parent = parents[place] ?? -1;
    if (parent >= 0 && (matches[place] === 1 || below[place] === 1)) below[parent] = 1;
  }
  return below;
}

/** One table of several trees, one below the other. */
export class JoinedLines {
  readonly length: number;
  readonly #parts: readonly TreeLines[];

  constructor(parts: readonly TreeLines[]) {
    this.#parts = parts;
    this.length = parts.reduce((sum, { length }) => sum + length, 0);
  }

  at(index: number): TreeLine | undefined {
    let from = 0;
    for (const part of this.#parts) {
      if (index < from + part.length) return part.at(index - from);
      from += part.length;
    }
    return undefined;
  }

  /** -1 where there is no line of it. */
  indexOf(key: number): number {
    let from = 0;
    for (const part of this.#parts) {
      const index = part.indexOf(key);
      if (index !== -1) return from + index;
      from += part.length;
    }
    return -1;
  }

  all(): readonly TreeLine[] {
    return Array.from({ length: this.length }, (_, index) => this.at(index)).filter(
      (line) => line !== undefined,
    );
  }
}

/** Places by key, to hold an order. */
export function placesOf(lines: JoinedLines): ReadonlyMap<number, number> {
  return new Map(lines.all().map(({ node }, place) => [node.entity.key, place]));
}

export const noKeys: ReadonlySet<number> = new Set();

export function withKey(keys: ReadonlySet<number>, key: number): ReadonlySet<number> {
  return new Set([...keys, key]);
}

export function withoutKey(keys: ReadonlySet<number>, key: number): ReadonlySet<number> {
  return new Set([...keys].filter((each) => each !== key));
}
