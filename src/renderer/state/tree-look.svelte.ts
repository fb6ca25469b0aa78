import { untrack } from 'svelte';
import type { ProcessTree } from './process-tree.ts';
import type { TreeMatcher } from './tree-filter.ts';
import { TreeLines } from './tree-lines.ts';
import { heldSequence, TreeSorter, type Sequence, type TreeOrder } from './tree-order.ts';

/** How a tree is looked at, read whenever it may have changed. */
export interface Look {
  readonly closedKeys: ReadonlySet<number>;
  readonly order: TreeOrder | null;
  /** Instead of `order`: places by key, as they were. */
  readonly heldPlaces: ReadonlyMap<number, number> | null;
  readonly matcher: TreeMatcher | null;
}

/**
 * The lines of one tree, which changes with every sample. Step by step, each of which stays as it is where nothing
 * has changed for it: new numbers alone move no line of an unsorted table, and cost no more than the cells in sight.
 */
export class LookedAtTree {
  readonly #tree: () => ProcessTree;
  readonly #look: () => Look;
  readonly #baseDepth: number;
  readonly #isOwn: boolean;
  readonly #sorter = new TreeSorter();
  #lastMatches: Uint8Array | null = null;

  readonly #shape = $derived.by(() => this.#tree().shape);
  readonly #closedKeys = $derived.by(() => this.#look().closedKeys);
  readonly #order = $derived.by(() => this.#look().order);
  readonly #heldPlaces = $derived.by(() => this.#look().heldPlaces);
  readonly #matcher = $derived.by(() => this.#look().matcher);

  readonly #sequence: Sequence | null = $derived.by(() => {
    if (this.#heldPlaces !== null) return heldSequence(this.#shape, this.#heldPlaces);
    if (this.#order === null) return null;
    const { frame } = this.#tree();
    return frame === null ? null : this.#sorter.sequenceOf(this.#shape, frame, this.#order);
  });

  readonly #matches: Uint8Array | null = $derived.by(() => {
    if (this.#matcher === null) return null;
    const { frame } = this.#matcher.readsNumbers ? this.#tree() : untrack(this.#tree);
    if (frame === null) return null;
    const matches = this.#matcher.matchesOf(this.#shape, frame);
    if (this.#lastMatches === null || !isEqual(matches, this.#lastMatches)) this.#lastMatches = matches;
    return this.#lastMatches;
  });

  readonly lines: TreeLines = $derived.by(
    () =>
      new TreeLines(this.#shape, {
        closedKeys: this.#closedKeys,
        sequence: this.#sequence,
        matches: this.#matches,
        baseDepth: this.#baseDepth,
        isOwn: this.#isOwn,
      }),
  );

  constructor(tree: () => ProcessTree, look: () => Look, { baseDepth = 0, isOwn = false } = {}) {
    this.#tree = tree;
    this.#look = look;
    this.#baseDepth = baseDepth;
    this.#isOwn = isOwn;
  }
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((value, place) => value === other[place]);
}
