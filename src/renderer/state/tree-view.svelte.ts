import type { SampleFrame } from '../../shared/sample.ts';
import type { LiveState } from './live.svelte.ts';
import { noTree, type ProcessTree } from './process-tree.ts';
import { defaultColumnIds, treeColumns, treeColumnsFor, type TreeColumn } from './tree-columns.ts';
import { matcherOf, parseFilter, type ParsedFilter, type TreeMatcher } from './tree-filter.ts';
import type { CopiedLine } from './tree-csv.ts';
import { JoinedLines, noKeys, placesOf, withKey, withoutKey, type TreeLine } from './tree-lines.ts';
import { LookedAtTree, type Look } from './tree-look.svelte.ts';
import type { TreeOrder } from './tree-order.ts';

/** What the name of a process is given at least. */
export const nameWidthPx = 128;
/** With less, what processes were started with would be cut off before it tells them apart. */
const argumentsWidthPx = 280;
const storageKey = 'corescope.tree';

interface Stored {
  readonly columnIds: readonly string[];
}

export interface PlacedColumn {
  readonly column: TreeColumn;
  /** From the right edge of the table to that of the column. */
  readonly rightPx: number;
}

/** How the process table is looked at: columns, order, filter, what is closed, which row is chosen. */
export class TreeView {
  readonly #live: LiveState;
  readonly #wholeCores: () => number;
  #closedKeys: ReadonlySet<number> = $state.raw(noKeys);
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
    return nameWidthPx + widthOf(chosen) <= this.widthPx
      ? chosen
      : chosen.filter(({ isDrawn }) => isDrawn !== true);
  });
  readonly columnsWidthPx: number = $derived.by(() => widthOf(this.columns));
  readonly placedColumns: readonly PlacedColumn[] = $derived.by(() =>
    this.columns.map((column, at) => ({ column, rightPx: widthOf(this.columns.slice(at + 1)) })),
  );
  /** Whether there is room beside the names. */
  readonly showsArguments: boolean = $derived.by(
    () => this.widthPx - this.columnsWidthPx >= argumentsWidthPx,
  );
  readonly filter: ParsedFilter = $derived.by(() => parseFilter(this.filterText, this.#wholeCores()));
  readonly #order: TreeOrder | null = $derived.by(() => {
    const column = treeColumns.find(({ id }) => id === this.orderedBy?.columnId);
    return column === undefined ? null : { column, descending: this.orderedBy?.descending ?? false };
  });
  readonly #matcher: TreeMatcher | null = $derived.by(() => matcherOf(this.filter));

  #lastTrees = { run: noTree, own: noTree };
  readonly #trees: { readonly run: ProcessTree; readonly own: ProcessTree } = $derived.by(() => {
    // Views that were visited stay: a hidden one keeps its trees, and does nothing when new samples come.
    if (this.widthPx > 0) this.#lastTrees = { run: this.#live.shownTree, own: this.#live.ownTree };
    return this.#lastTrees;
  });
  readonly #look = (): Look => ({
    closedKeys: this.#closedKeys,
    order: this.#order,
    heldPlaces: this.#heldPlaces,
    matcher: this.#matcher,
  });
  readonly #run = new LookedAtTree(() => this.tree, this.#look);
  /** Of Corescope, where they are shown: the first of its own has depth 1. */
  readonly #own = new LookedAtTree(() => this.ownTree, this.#look, { baseDepth: 1, isOwn: true });
  readonly lines: JoinedLines = $derived.by(
    () => new JoinedLines(this.showOwn ? [this.#run.lines, this.#own.lines] : [this.#run.lines]),
  );
  /** -1 where the chosen row has no line. */
  readonly chosenIndex: number = $derived.by(() =>
    this.chosenKey === null ? -1 : this.lines.indexOf(this.chosenKey),
  );
  readonly chosen: TreeLine | null = $derived.by(() => this.lines.at(this.chosenIndex) ?? null);

  /** `wholeCores`: how many busy cores are 100 % of CPU. */
  constructor(live: LiveState, wholeCores: () => number = () => 1) {
    this.#wholeCores = wholeCores;
    this.#live = live;
  }

  get tree(): ProcessTree {
    return this.#trees.run;
  }

  get ownTree(): ProcessTree {
    return this.#trees.own;
  }

  /** Where the numbers of a line stand; null where its tree has none any more. */
  frameOf({ isOwn }: TreeLine): SampleFrame | null {
    return (isOwn ? this.ownTree : this.tree).frame;
  }

  /** All lines, with their numbers as they are now. */
  copiedLines(): readonly CopiedLine[] {
    return this.lines.all().flatMap((line) => {
      const frame = this.frameOf(line);
      return frame === null ? [] : [{ node: line.node, depth: line.depth, frame }];
    });
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
    this.#setOpen(key, this.#closedKeys.has(key));
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
    const at = this.chosenIndex;
    const next = at === -1 ? 0 : Math.min(this.lines.length - 1, Math.max(0, at + by));
    this.chosenKey = this.lines.at(next)?.node.entity.key ?? null;
  }

  /** Closes the chosen row, or goes to the one that it hangs under. */
  closeOrClimb(): void {
    const { chosen } = this;
    if (chosen === null) return;
    if (chosen.isOpen && this.filter.terms.length === 0) this.#setOpen(chosen.node.entity.key, false);
    else if (chosen.node.entity.parentKey !== null) this.chosenKey = chosen.node.entity.parentKey;
  }

  /** Opens the chosen row, or goes to the first below it. */
  openOrDescend(): void {
    const { chosen } = this;
    if (chosen === null || !chosen.hasChildren) return;
    if (chosen.isOpen) this.step(1);
    else this.#setOpen(chosen.node.entity.key, true);
  }

  #setOpen(key: number, isOpen: boolean): void {
    this.#closedKeys = isOpen ? withoutKey(this.#closedKeys, key) : withKey(this.#closedKeys, key);
  }

  private setColumns(ids: readonly string[]): void {
    this.columnIds = ids;
    const stored: Stored = { columnIds: ids };
    localStorage.setItem(storageKey, JSON.stringify(stored));
  }
}

function widthOf(columns: readonly TreeColumn[]): number {
  return columns.reduce((sum, { widthPx }) => sum + widthPx, 0);
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
