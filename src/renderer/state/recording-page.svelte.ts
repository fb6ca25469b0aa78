import type {
  OpenedRecording,
  RecordedProcesses,
  RecordingPicture,
  RecordingSpan,
} from '../../shared/recordings-requests.ts';
import type { Problem } from '../../shared/result.ts';
import type { TimeRange } from '../charts/time-range.ts';
import type { Backend } from '../lib/backend.ts';
import { panWithin, rangeAround, rangeWithin, wholeOf, zoomWithin } from './recording-range.ts';

/** How long a range must stay as it is before a table for it is asked for: wheels and keys come in bursts. */
const settleMs = 250;

/** A finer picture reaches this much of the range further at both ends, so that a pan shows something. */
const marginShare = 0.5;

/** One recording that is looked at. */
export class RecordingPage {
  readonly opened: OpenedRecording;
  range: TimeRange = $state.raw({ startMs: 0, spanMs: 1 });
  whole: RecordingPicture | null = $state.raw(null);
  detail: RecordingPicture | null = $state.raw(null);
  processes: RecordedProcesses | null = $state.raw(null);
  /** Of the last question; null while all is well. */
  problem: Problem | null = $state.raw(null);
  /** What is missing in the file, as far as it has shown up. */
  missing: readonly Problem[] = $state.raw([]);
  readonly #backend: Backend;
  #columns = 1200;
  #isAsking = false;
  #askAgain = false;
  #settling: ReturnType<typeof setTimeout> | null = null;
  #processQuestion = 0;
  #isClosed = false;

  constructor(backend: Backend, opened: OpenedRecording) {
    this.#backend = backend;
    this.opened = opened;
    this.range = wholeOf(opened.span);
    this.missing = opened.problems;
  }

  /** The first picture; answers whether there is one. */
  async load(): Promise<void> {
    const { path, span } = this.opened;
    const answer = await this.#backend.request('recording:span', { path, ...span, columns: this.#columns });
    if (!answer.ok) {
      this.problem = answer.problem;
      return;
    }
    this.whole = answer.value;
    this.#tellMissing(answer.value.problems);
    await this.#loadProcesses();
  }

  close(): void {
    this.#isClosed = true;
    if (this.#settling !== null) clearTimeout(this.#settling);
    void this.#backend.request('recording:close', { path: this.opened.path });
  }

  get span(): RecordingSpan {
    return { fromMs: this.range.startMs, toMs: this.range.startMs + this.range.spanMs };
  }

  get isWhole(): boolean {
    const whole = wholeOf(this.opened.span);
    return whole.startMs === this.range.startMs && whole.spanMs === this.range.spanMs;
  }

  zoom(fraction: number, factor: number): void {
    this.#show(zoomWithin(this.range, fraction, factor, this.opened.span));
  }

  pan(fraction: number): void {
    this.#show(panWithin(this.range, fraction, this.opened.span));
  }

  showAll(): void {
    this.#show(wholeOf(this.opened.span));
  }

  showSpan(span: RecordingSpan): void {
    this.#show(rangeAround(span, this.opened.span));
  }

  showExactly({ fromMs, toMs }: RecordingSpan): void {
    this.#show(rangeWithin({ startMs: fromMs, spanMs: toMs - fromMs }, this.opened.span));
  }

  /** How many columns of pixels the picture has. */
  setColumns(columns: number): void {
    this.#columns = Math.min(8192, Math.max(1, Math.round(columns)));
  }

  #show(range: TimeRange): void {
    this.range = range;
    void this.#loadDetail();
    if (this.#settling !== null) clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.#loadProcesses(), settleMs);
  }

  /** One question at a time: while it is being answered, only the newest range waits. */
  async #loadDetail(): Promise<void> {
    if (this.#isAsking) {
      this.#askAgain = true;
      return;
    }
    this.#isAsking = true;
    do {
      this.#askAgain = false;
      const { path, span } = this.opened;
      const { startMs, spanMs } = this.range;
      const answer = await this.#backend.request('recording:span', {
        path,
        fromMs: Math.max(span.fromMs, startMs - marginShare * spanMs),
        toMs: Math.min(span.toMs, startMs + (1 + marginShare) * spanMs),
        columns: this.#columns,
      });
      if (answer.ok) {
        this.detail = answer.value;
        this.#tellMissing(answer.value.problems);
        this.problem = null;
      } else this.problem = answer.problem;
    } while (this.#isNewerAsked());
    this.#isAsking = false;
  }

  #isNewerAsked(): boolean {
    return this.#askAgain && !this.#isClosed;
  }

  async #loadProcesses(): Promise<void> {
    this.#processQuestion += 1;
    const question = this.#processQuestion;
    const answer = await this.#backend.request('recording:processes', {
      path: this.opened.path,
      ...this.span,
    });
    // An answer about a range that is not shown any more.
    if (question !== this.#processQuestion) return;
    if (answer.ok) this.processes = answer.value;
    else this.problem = answer.problem;
  }

  #tellMissing(problems: readonly Problem[]): void {
    if (problems.length > this.missing.length || problems[0]?.kind !== this.missing[0]?.kind) {
      this.missing = problems;
    }
  }
}
