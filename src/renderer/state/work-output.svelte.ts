import type { ExperimentEvent, PlannedRun } from '../../shared/experiment-event.ts';
import { strategyName } from '../../shared/strategy-name.ts';

export type OutputStream = 'stdout' | 'stderr';

/** What a run wrote at once. */
export interface OutputPiece {
  /** Counts up over the whole experiment. */
  readonly id: number;
  readonly stream: OutputStream;
  /** Safe to be shown: escape sequences are gone, other control characters are pictures. */
  readonly text: string;
  /** Bytes of this stream before `text` that came too fast to be told. */
  readonly skippedBytes: number;
}

/** What one run wrote, as far as it is kept. */
export interface WorkOutputOfRun {
  readonly run: PlannedRun;
  readonly pieces: readonly OutputPiece[];
  /** Bytes of `pieces`. */
  readonly keptBytes: number;
  /** Bytes that came before the first piece and are not kept. */
  readonly forgottenBytes: number;
}

/** More is slow to lay out and to scroll through; less loses the beginning of a long log. */
const mostBytesOfRun = 256 * 1024;
/** Ten pieces a second come at most: three minutes of a program that never stops writing. */
const mostPiecesOfRun = 2_000;
/** Of all runs together: what a window may hold for an experiment of a thousand runs. */
const mostBytes = 4 * 1024 * 1024;

const encoder = new TextEncoder();

/** What the work of one experiment wrote to stdout and stderr, by run. Bounded: the oldest is forgotten first. */
export class WorkOutput {
  /** Those that wrote something, in the order in which they ran. */
  runs: readonly WorkOutputOfRun[] = $state.raw([]);
  /** The run that was picked; null follows the newest. */
  chosenOrder: number | null = $state(null);
  #current: PlannedRun | null = null;
  #nextId = 0;

  /** What is to be shown; null where nothing was written. */
  get shown(): WorkOutputOfRun | null {
    const chosen = this.runs.find(({ run }) => run.order === this.chosenOrder);
    return chosen ?? this.runs.at(-1) ?? null;
  }

  receive(event: ExperimentEvent): void {
    if (event.type === 'planned') {
      this.runs = [];
      this.chosenOrder = null;
      this.#current = null;
    } else if (event.type === 'run-started') {
      this.#current = event.run;
    } else if (event.type === 'output' && this.#current?.order === event.order) {
      const { stream, text, skippedBytes } = event;
      this.#add(this.#current, { id: this.#nextId, stream, text, skippedBytes });
      this.#nextId += 1;
    }
  }

  #add(run: PlannedRun, piece: OutputPiece): void {
    const last = this.runs.at(-1);
    const before = last?.run.order === run.order ? last : emptyOutput(run);
    const added = forgetOldest({
      ...before,
      pieces: [...before.pieces, piece],
      keptBytes: before.keptBytes + bytesOf(piece),
    });
    this.runs = forgetOldRuns([...(before === last ? this.runs.slice(0, -1) : this.runs), added]);
  }
}

function emptyOutput(run: PlannedRun): WorkOutputOfRun {
  return { run, pieces: [], keptBytes: 0, forgottenBytes: 0 };
}

function bytesOf({ text }: OutputPiece): number {
  return encoder.encode(text).length;
}

function forgetOldest(output: WorkOutputOfRun): WorkOutputOfRun {
  let { keptBytes, forgottenBytes } = output;
  let from = 0;
  for (const piece of output.pieces.slice(0, -1)) {
    if (keptBytes <= mostBytesOfRun && output.pieces.length - from <= mostPiecesOfRun) break;
    const bytes = bytesOf(piece);
    keptBytes -= bytes;
    forgottenBytes += bytes + piece.skippedBytes;
    from += 1;
  }
  return from === 0 ? output : { ...output, pieces: output.pieces.slice(from), keptBytes, forgottenBytes };
}

function forgetOldRuns(runs: readonly WorkOutputOfRun[]): readonly WorkOutputOfRun[] {
  let total = runs.reduce((sum, { keptBytes }) => sum + keptBytes, 0);
  let from = 0;
  for (const { keptBytes } of runs.slice(0, -1)) {
    if (total <= mostBytes) break;
    total -= keptBytes;
    from += 1;
  }
  return from === 0 ? runs : runs.slice(from);
}

/** Pieces of one stream that follow each other. */
export interface OutputPassage {
  /** That of its first piece. */
  readonly id: number;
  readonly stream: OutputStream;
  readonly pieces: readonly OutputPiece[];
}

export function passagesOf(pieces: readonly OutputPiece[]): readonly OutputPassage[] {
  const passages: { id: number; stream: OutputStream; pieces: OutputPiece[] }[] = [];
  for (const piece of pieces) {
    const last = passages.at(-1);
    if (last?.stream === piece.stream) last.pieces.push(piece);
    else passages.push({ id: piece.id, stream: piece.stream, pieces: [piece] });
  }
  return passages;
}

/** How a run is called in a list: `3: threads × 2, block 1`. */
export function runTitle({ order, block, warmUp, control, ...cell }: PlannedRun): string {
  const place = warmUp ? 'warm-up' : `block ${block}`;
  return `${order}: ${strategyName(cell)}, ${place}${control === true ? ', control' : ''}`;
}

/** Bytes that the run wrote and that are not among its pieces. */
export function droppedBytes({ pieces, forgottenBytes }: WorkOutputOfRun): number {
  return pieces.reduce((sum, { skippedBytes }) => sum + skippedBytes, forgottenBytes);
}

/** All that is kept of a run as plain text, for the clipboard. What is missing is marked. */
export function outputText(output: WorkOutputOfRun): string {
  const beginning = output.forgottenBytes > 0 ? gapMark(output.forgottenBytes) : '';
  const rest = output.pieces.map(({ text, skippedBytes }) =>
    skippedBytes > 0 ? `${gapMark(skippedBytes)}${text}` : text,
  );
  return `${beginning}${rest.join('')}`;
}

function gapMark(bytes: number): string {
  return `\n[${bytes} bytes dropped]\n`;
}
