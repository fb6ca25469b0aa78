import { SvelteSet } from 'svelte/reactivity';
import type { LiveState } from './live.svelte.ts';
import { defaultColumnIds, treeColumns, treeColumnsFor, type TreeColumn } from './tree-columns.ts';
import { matcherOf, parseFilter, type ParsedFilter } from './tree-filter.ts';
import { placesOf, treeLines, type TreeLine, type TreeOrder } from './tree-lines.ts';

/** What the name of a process is given at least: `--name-width` of the table. */
const nameWidthPx = 128;
const storageKey = 'corescope.tree';

interface Stored {
  readonly columnIds: readonly string[];
}

/** How the process table is looked at: columns, order, filter, what is closed, which row is chosen. */
export class TreeView {
  readonly #live: LiveState;
  readonly #wholeCores: () => number;
  readonly closedKeys = new SvelteSet<number>();
  columnIds: readonly string[] = $state.raw(storedColumnIds());
  orderedBy: { readonly columnId: string; readonly descending: boolean } | null = $state.raw(null);
  filterText = $state('');
  showOwn = $state(false);
  chosenKey: number | null = $state(null);
  /** Rows keep their places while somebody points at them: a row must not move away under the pointer. */
  #heldPlaces: ReadonlyMap<number, number> | null = $state.raw(null);

  /** Of the whole table, 0 while it is hidden; pictures are left out where numbers would have to be scrolled for. */
  widthPx = $state(Number.POSITIVE_INFINITY);

  readonly columns: readonly TreeColumn[] = $derived.by(() => {
    const chosen = treeColumnsFor(this.#wholeCores()).filter(({ id }) => this.columnIds.includes(id));
    const neededPx = chosen.reduce((sum, { widthPx }) => sum + widthPx, nameWidthPx);
    return neededPx <= this.widthPx ? chosen : chosen.filter(({ isDrawn }) => isDrawn !== true);
  });
  readonly filter: ParsedFilter = $derived.by(() => parseFilter(this.filterText, this.#wholeCores()));
  readonly #order: TreeOrder | null = $derived.by(() => {
    const column = treeColumns.find(({ id }) => id === this.orderedBy?.columnId);
    return column === undefined ? null : { column, descending: this.orderedBy?.descending ?? false };
  });
  #lastLines: readonly TreeLine[] = [];
  /** Of the run, and where they are shown, of Corescope: the first of its own has depth 1. */
  readonly lines: readonly TreeLine[] = $derived.by(() => {
    // Views that were visited stay: a hidden one keeps its lines, and does nothing when new samples come.
    if (this.widthPx === 0) return this.#lastLines;
    const options = {
      closedKeys: this.closedKeys,
      order: this.#order,
      heldPlaces: this.#heldPlaces,
      matches: matcherOf(this.filter),
    };
    const run = treeLines(this.#live.shownTree, options);
    this.#lastLines = this.showOwn ? [...run, ...treeLines(this.#live.ownTree, options, 1)] : run;
    return this.#lastLines;
  });
  readonly chosen: TreeLine | null = $derived(
    this.chosenKey === null
      ? null
      : (this.lines.find(({ node }) => node.entity.key === this.chosenKey) ?? null),
  );

  /** `wholeCores`: how many busy cores are 100 % of CPU. */
  constructor(live: LiveState, wholeCores: () => number = () => 1) {
    this.#wholeCores = wholeCores;
    this.#live = live;
  }

  /** The first click on a heading sorts the greatest first (texts: A first), the second turns it round, the third ends it. */
  sortBy({ id }: TreeColumn): void {
    const before = this.orderedBy;
    const descendsFirst = id !== 'user' && id !== 'pid' && id !== 'state';
    if (before?.columnId !== id) this.orderedBy = { columnId: id, descending: descendsFirst };
    else if (before.descending === descendsFirst)
      this.orderedBy = { columnId: id, descending: !descendsFirst };
    else this.orderedBy = null;
    this.#heldPlaces = null;
  }

  toggleColumn(id: string): void {
    const isShown = this.columnIds.includes(id);
    this.setColumns(isShown ? this.columnIds.filter((each) => each !== id) : [...this.columnIds, id]);
  }

  resetColumns(): void {
    this.setColumns(defaultColumnIds);
  }

  toggle(key: number): void {
    if (!this.closedKeys.delete(key)) this.closedKeys.add(key);
  }

  /** Holds the places that the rows have now, until `releaseOrder`. */
  holdOrder(): void {
    if (this.#order !== null) this.#heldPlaces ??= placesOf(this.lines);
  }

  releaseOrder(): void {
    this.#heldPlaces = null;
  }

  /** Chooses the row so many lines away from the chosen one. */
  step(by: number): void {
    const at = this.lines.findIndex(({ node }) => node.entity.key === this.chosenKey);
    const next = at === -1 ? 0 : Math.min(this.lines.length - 1, Math.max(0, at + by));
    this.chosenKey = this.lines[next]?.node.entity.key ?? null;
  }

  /** Closes the chosen row, or goes to the one that it hangs under. */
  closeOrClimb(): void {
    const { chosen } = this;
    if (chosen === null) return;
    if (chosen.isOpen && this.filter.terms.length === 0) this.closedKeys.add(chosen.node.entity.key);
    else if (chosen.node.entity.parentKey !== null) this.chosenKey = chosen.node.entity.parentKey;
  }

  /** Opens the chosen row, or goes to the first below it. */
  openOrDescend(): void {
    const { chosen } = this;
    if (chosen === null || !chosen.hasChildren) return;
    if (chosen.isOpen) this.step(1);
    else this.closedKeys.delete(chosen.node.entity.key);
  }

  private setColumns(ids: readonly string[]): void {
    this.columnIds = ids;
    const stored: Stored = { columnIds: ids };
    localStorage.setItem(storageKey, JSON.stringify(stored));
  }
}

function storedColumnIds(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null');
    if (typeof stored !== 'object' || stored === null || !('columnIds' in stored)) return defaultColumnIds;
    const { columnIds } = stored;
    if (!Array.isArray(columnIds)) return defaultColumnIds;
    return treeColumns.map(({ id }) => id).filter((id) => columnIds.includes(id));
  } catch {
    // Not written by us, or by a later version: the defaults serve.
    return defaultColumnIds;
  }
}
