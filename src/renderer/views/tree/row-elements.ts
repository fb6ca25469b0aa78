import { formatPercent, notAvailable } from '../../../shared/format.ts';
import type { SampleFrame } from '../../../shared/sample.ts';
import type { CpuHistory } from '../../state/cpu-history.svelte.ts';
import { argumentsText, rowName, valueText, type TreeColumn } from '../../state/tree-columns.ts';
import { isSameLine, type TreeLine } from '../../state/tree-lines.ts';
import type { PlacedColumn } from '../../state/tree-view.svelte.ts';

/** A row in sight. */
export interface ShownRow {
  /** 0-based, of all lines. */
  readonly index: number;
  readonly line: TreeLine;
  /** In px from the top of all rows. */
  readonly top: number;
}

/** What the rows are to show. */
export interface RowsToDraw {
  /** From the top. */
  readonly rows: readonly ShownRow[];
  /** The same array for as long as no column comes, goes, or changes its format. */
  readonly placedColumns: readonly PlacedColumn[];
  readonly showsArguments: boolean;
  /** -1 for none. */
  readonly chosenIndex: number;
  /** What the ids of rows begin with. */
  readonly gridId: string;
  /** Null: none of the numbers of this line is known any more. */
  readonly frameOf: (line: TreeLine) => SampleFrame | null;
  /** Null while no column shows them. */
  readonly histories: CpuHistory | null;
}

const notes = {
  process: '',
  thread: '',
  'exited-children':
    'CPU time of children that ended: the process waited for them, so the kernel added it up.',
  unattributed:
    'CPU time that the control group counted and no process accounts for: orphans and unreaped children.',
} as const;

/**
 * The elements of the rows in sight, written by hand: most of a tick of 5 000 processes went to finding out, effect
 * by effect, which of 300 cells had changed. Rows are kept by place: one that scrolls or is sorted is given new content.
 */
export class RowElements {
  readonly #host: HTMLElement;
  readonly #rows: RowElement[] = [];

  /** The rows come first in `host`, before whatever else it has. */
  constructor(host: HTMLElement) {
    this.#host = host;
  }

  draw(toDraw: RowsToDraw): void {
    for (const [slot, row] of toDraw.rows.entries()) {
      let element = this.#rows[slot];
      if (element === undefined) {
        element = new RowElement();
        const above = this.#rows.at(-1);
        if (above === undefined) this.#host.prepend(element.root);
        else above.root.after(element.root);
        this.#rows.push(element);
      }
      element.draw(row, toDraw);
    }
    for (const { root } of this.#rows.splice(toDraw.rows.length)) root.remove();
  }

  /** The row that was hit, and whether it was its arrow. */
  hit(target: EventTarget | null): { readonly row: ShownRow; readonly isArrow: boolean } | null {
    if (!(target instanceof Node)) return null;
    const found = this.#rows.find(({ root }) => root.contains(target));
    const row = found?.shown ?? null;
    return found === undefined || row === null ? null : { row, isArrow: found.isArrow(target) };
  }
}

class RowElement {
  readonly root = document.createElement('div');
  readonly #name = document.createElement('span');
  readonly #arrow = document.createElement('span');
  readonly #worker = document.createElement('span');
  readonly #label = document.createElement('span');
  readonly #arguments = document.createElement('span');
  #cells: CellElement[] = [];
  #placedColumns: readonly PlacedColumn[] = [];
  #showsArguments = false;
  #isChosen = false;
  #isFaint = false;
  #title = '';
  shown: ShownRow | null = null;

  constructor() {
    this.root.setAttribute('role', 'row');
    this.root.setAttribute('aria-selected', 'false');
    this.#name.setAttribute('role', 'rowheader');
    this.#arrow.setAttribute('aria-hidden', 'true');
    this.#name.className = 'name';
    this.#arrow.className = 'arrow';
    this.#worker.className = 'worker';
    this.#label.className = 'label';
    this.#arguments.className = 'arguments';
    this.#name.append(this.#arrow, this.#label);
    this.root.append(this.#name);
  }

  isArrow(target: Node): boolean {
    return this.#arrow.contains(target);
  }

  draw(
    row: ShownRow,
    { placedColumns, showsArguments, chosenIndex, gridId, frameOf, histories }: RowsToDraw,
  ): void {
    const { index, line, top } = row;
    const { shown } = this;
    if (row !== shown) {
      if (top !== shown?.top) this.root.style.top = `${top}px`;
      if (index !== shown?.index) {
        this.root.id = `${gridId}-${index}`;
        this.root.setAttribute('aria-rowindex', String(index + 2));
      }
      if (shown === null || !isSameLine(line, shown.line)) this.#drawLine(line, shown?.line ?? null);
    }
    if (shown?.line.node !== line.node || showsArguments !== this.#showsArguments) {
      this.#showsArguments = showsArguments;
      this.#drawArguments(showsArguments ? argumentsText(line.node.entity) : '');
    }
    this.shown = row;
    const isChosen = index === chosenIndex;
    if (isChosen !== this.#isChosen) {
      this.#isChosen = isChosen;
      this.root.classList.toggle('chosen', isChosen);
      this.root.setAttribute('aria-selected', String(isChosen));
    }
    if (placedColumns !== this.#placedColumns) this.#placeCells(placedColumns);
    const frame = frameOf(line);
    for (const cell of this.#cells) {
      if (cell instanceof NumberCell) cell.draw(line, frame);
      else cell.draw(histories?.of(line.node.entity.key) ?? null);
    }
  }

  /** Only what differs: where a process has come or gone, all lines are made anew, and mostly say what they said. */
  #drawLine({ node, depth, hasChildren, isOpen, matches }: TreeLine, before: TreeLine | null): void {
    const { kind, owner, commandLine } = node.entity;
    const kindBefore = before?.node.entity.kind;
    if (kind !== kindBefore) this.root.className = `row ${kind}${this.#isChosen ? ' chosen' : ''}`;
    const isFaint = !matches || owner === 'corescope';
    if (kind !== kindBefore || isFaint !== this.#isFaint) this.root.classList.toggle('faint', isFaint);
    this.#isFaint = isFaint;
    if (depth !== before?.depth) {
      this.root.setAttribute('aria-level', String(depth + 1));
      this.#name.style.paddingLeft = `${8 + depth * 14}px`;
    }
    if (hasChildren !== before?.hasChildren || isOpen !== before.isOpen) {
      if (hasChildren) this.root.setAttribute('aria-expanded', String(isOpen));
      else this.root.removeAttribute('aria-expanded');
      setText(this.#arrow, hasChildren ? (isOpen ? '▾' : '▸') : '');
    }
    const name = rowName(node);
    const title = kind === 'process' ? commandLine : notes[kind] || name;
    if (title !== this.#title) this.#name.title = this.#title = title;
    setText(this.#label, name);
    if (node.workerName === (before?.node.workerName ?? null)) return;
    setText(this.#worker, node.workerName ?? '');
    // An element that is not there takes no room, and keeps `.worker + .label` true.
    if (node.workerName === null) this.#worker.remove();
    else this.#label.before(this.#worker);
  }

  #drawArguments(text: string): void {
    setText(this.#arguments, text);
    if (text === '') this.#arguments.remove();
    else if (this.#arguments.parentNode === null) this.#name.append(this.#arguments);
  }

  #placeCells(placedColumns: readonly PlacedColumn[]): void {
    this.#placedColumns = placedColumns;
    for (const { root } of this.#cells) root.remove();
    this.#cells = placedColumns.map(({ column }) =>
      column.isDrawn === true ? new HistoryCell(column) : new NumberCell(column),
    );
    this.root.append(...this.#cells.map(({ root }) => root));
  }
}

type CellElement = NumberCell | HistoryCell;

function makeCell({ widthPx }: TreeColumn, className: string): HTMLElement {
  const root = document.createElement('span');
  root.setAttribute('role', 'gridcell');
  root.className = className;
  root.style.width = `${widthPx}px`;
  return root;
}

/** Most values are those of the sample before: they are not written out anew. */
class NumberCell {
  readonly root: HTMLElement;
  readonly #text = document.createTextNode('');
  readonly #column: TreeColumn;
  /** A bar beside the number: an element, because the width of one is the cheapest of all styles to change. */
  readonly #meter: HTMLElement | null;
  #value: number | string | undefined;
  #isUnknown = false;
  #isText = false;
  #meterPx = 0;

  constructor(column: TreeColumn) {
    this.#column = column;
    this.root = makeCell(column, column.naive === true ? 'cell naive' : 'cell');
    this.#meter = column.id === 'cpu' ? document.createElement('i') : null;
    if (this.#meter !== null) {
      this.#meter.className = 'meter';
      this.#meter.style.width = '0px';
      this.root.append(this.#meter);
    }
    this.root.append(this.#text);
  }

  draw({ node }: TreeLine, frame: SampleFrame | null): void {
    const value = frame === null ? Number.NaN : this.#column.value(node, frame);
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    const text = valueText(this.#column, value);
    if (text !== this.#text.data) this.#text.data = text;
    const isUnknown = text === notAvailable;
    if (isUnknown !== this.#isUnknown) this.root.classList.toggle('unknown', (this.#isUnknown = isUnknown));
    const isText = typeof value === 'string';
    if (isText !== this.#isText) this.root.classList.toggle('text', (this.#isText = isText));
    if (this.#meter === null) return;
    const meterPx = meterPxOf(value);
    if (meterPx === this.#meterPx) return;
    this.#meterPx = meterPx;
    this.#meter.style.width = `${meterPx}px`;
  }
}

/** In half pixels, for finer steps nobody sees, and so that a full one stands off the number. */
function meterPxOf(value: number | string): number {
  return typeof value === 'number' && value > 0 ? Math.round(Math.min(1, value) * 40) / 2 : 0;
}

/** Says in words what is drawn over it. */
class HistoryCell {
  readonly root: HTMLElement;
  #shares: readonly number[] | null | undefined;
  #text: string | undefined;

  constructor(column: TreeColumn) {
    this.root = makeCell(column, 'cell');
  }

  draw(shares: readonly number[] | null): void {
    if (shares === this.#shares) return;
    this.#shares = shares;
    const text = averageText(shares ?? []);
    if (text === this.#text) return;
    const isDrawn = text !== '';
    if (this.#text === undefined || isDrawn !== (this.#text !== '')) {
      this.root.classList.toggle('drawn', isDrawn);
      this.root.classList.toggle('unknown', !isDrawn);
      setText(this.root, isDrawn ? '' : notAvailable);
    }
    if (isDrawn) this.root.setAttribute('aria-label', text);
    else this.root.removeAttribute('aria-label');
    this.#text = text;
  }
}

/** Empty where nothing is known. */
function averageText(shares: readonly number[]): string {
  let sum = 0;
  let known = 0;
  for (const share of shares) {
    if (Number.isNaN(share)) continue;
    sum += share;
    known += 1;
  }
  if (known === 0) return '';
  // A tenth of what the columns tell: else a minute's mean would be written anew every second.
  const steps = sum / known < 0.1 ? 1000 : 100;
  return `${formatPercent(Math.round((sum / known) * steps) / steps)} of a core on average`;
}

/** Of an element that has nothing but text. Its one text node stays: replacing it costs style and layout of its own. */
function setText(element: HTMLElement, text: string): void {
  const { firstChild } = element;
  if (!(firstChild instanceof Text)) {
    if (text !== '') element.textContent = text;
  } else if (firstChild.data !== text) firstChild.data = text;
}
