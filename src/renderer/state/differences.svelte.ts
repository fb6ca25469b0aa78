import type { DifferencesProgress, DifferencesReport, Thoroughness } from '../../shared/differences.ts';
import type { DifferencesEvent, DifferencesFormat } from '../../shared/differences-requests.ts';
import type { Problem } from '../../shared/result.ts';
import type { Backend } from '../lib/backend.ts';

export type DifferencesStatus =
  | { readonly state: 'idle' }
  /** `progress` is null until the first step has begun. */
  | { readonly state: 'measuring' | 'cancelling'; readonly progress: DifferencesProgress | null };

/** What the last thing that was asked for came to, where that is not the table itself. */
export type DifferencesNotice =
  { readonly kind: 'problem'; readonly problem: Problem } | { readonly kind: 'said'; readonly text: string };

/** The table of differences on screen, and the measurement under way. */
export class DifferencesTable {
  /** The last one that was measured; stays while the next one is. */
  report: DifferencesReport | null = $state.raw(null);
  status: DifferencesStatus = $state.raw({ state: 'idle' });
  notice: DifferencesNotice | null = $state.raw(null);
  thoroughness: Thoroughness = $state('quick');
  /** On two idle cores; null until it is known. */
  expectedMs: Readonly<Record<Thoroughness, number>> | null = $state.raw(null);
  /** Whether it is known what was kept. */
  isLoaded = $state(false);
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get isMeasuring(): boolean {
    return this.status.state !== 'idle';
  }

  /** Starts listening, and asks how matters stand; returns what ends it. */
  connect(): () => void {
    const unsubscribeEvents = this.#backend.on('differences:event', (event) => this.receive(event));
    const unsubscribeExits = this.#backend.on('service:exited', ({ service, problem }) => {
      if (service === 'engine' && this.isMeasuring) this.receive({ type: 'failed', problem });
    });
    void this.#load();
    return () => {
      unsubscribeEvents();
      unsubscribeExits();
    };
  }

  async #load(): Promise<void> {
    const answer = await this.#backend.request('differences:state', null);
    this.isLoaded = true;
    if (!answer.ok) {
      this.notice = { kind: 'problem', problem: answer.problem };
      return;
    }
    const { report, problem, progress, expectedMs } = answer.value;
    this.expectedMs = expectedMs;
    this.report ??= report;
    if (problem !== null) this.notice = { kind: 'problem', problem };
    if (progress !== null && !this.isMeasuring) this.status = { state: 'measuring', progress };
  }

  receive(event: DifferencesEvent): void {
    switch (event.type) {
      case 'progress':
        this.status = {
          state: this.status.state === 'cancelling' ? 'cancelling' : 'measuring',
          progress: event.progress,
        };
        break;
      case 'finished':
        this.report = event.report;
        this.status = { state: 'idle' };
        this.notice = event.unsaved === null ? null : { kind: 'problem', problem: event.unsaved };
        break;
      case 'cancelled':
        this.status = { state: 'idle' };
        this.notice = { kind: 'said', text: 'Cancelled; every process of it has been ended.' };
        break;
      case 'failed':
        this.status = { state: 'idle' };
        this.notice = { kind: 'problem', problem: event.problem };
        break;
    }
  }

  async measure(pythonPath: string | null): Promise<void> {
    this.notice = null;
    const { thoroughness } = this;
    const begun = await this.#backend.request('differences:measure', { thoroughness, pythonPath });
    if (!begun.ok) this.notice = { kind: 'problem', problem: begun.problem };
    else if (!this.isMeasuring) this.status = { state: 'measuring', progress: null };
  }

  async cancel(): Promise<void> {
    if (this.status.state === 'measuring') this.status = { ...this.status, state: 'cancelling' };
    const cancelled = await this.#backend.request('differences:cancel', null);
    if (!cancelled.ok) this.notice = { kind: 'problem', problem: cancelled.problem };
  }

  async save(format: DifferencesFormat): Promise<void> {
    const answer = await this.#backend.request('differences:save', { format });
    if (!answer.ok) this.notice = { kind: 'problem', problem: answer.problem };
    else if (answer.value.path !== null)
      this.notice = { kind: 'said', text: `Saved to ${answer.value.path}` };
  }

  async copy(): Promise<void> {
    const answer = await this.#backend.request('differences:text', null);
    const copied = answer.ok ? await this.#backend.request('text:copy', { text: answer.value.text }) : answer;
    this.notice = copied.ok
      ? { kind: 'said', text: 'Copied as Markdown' }
      : { kind: 'problem', problem: copied.problem };
  }
}
