import { SvelteSet } from 'svelte/reactivity';
import type { RecordingEntry, RecordingSummary } from '../../shared/recording.ts';
import type {
  ComparedRecordings,
  ForeignFile,
  RecordingLibrary,
  RecordingsEvent,
} from '../../shared/recordings-requests.ts';
import type { Problem, Result } from '../../shared/result.ts';
import type { Backend } from '../lib/backend.ts';
import { RecordingPage } from './recording-page.svelte.ts';
import { arrange, fileNameOf, type RecordingOrder, type RecordingSort } from './recordings-list.ts';

/** What the view shows. */
export type RecordingsPlace =
  | { readonly at: 'library' }
  | { readonly at: 'recording'; readonly page: RecordingPage }
  | { readonly at: 'comparison'; readonly paths: readonly string[]; readonly compared: ComparedRecordings }
  | { readonly at: 'foreign'; readonly file: ForeignFile };

/** How long a removal can be taken back before the file goes to the trash. */
export const undoMs = 6000;

/** Recordings that can be laid upon one another: more lines cannot be told apart. */
export const mostCompared = 4;

/** The recordings of this machine, as one window sees them. */
export class RecordingsState {
  library: RecordingLibrary | null = $state.raw(null);
  place: RecordingsPlace = $state.raw({ at: 'library' });
  typed = $state('');
  order: RecordingOrder = $state.raw({ by: 'when', descending: true });
  /** Path of the row whose details are shown. */
  chosen: string | null = $state(null);
  /** Paths of those that are to be compared. */
  readonly marked = new SvelteSet<string>();
  problem: Problem | null = $state.raw(null);
  isBusy = $state(false);
  /** What is being recorded now; null while nothing is. */
  recordingTo: string | null = $state(null);
  /** The newest recording that has ended, until the user puts the line away. */
  recorded: { readonly path: string; readonly summary: RecordingSummary } | null = $state.raw(null);
  /** Why what runs, or ran last, is not recorded. */
  failure: Problem | null = $state.raw(null);
  /** Removed by the user, and still on the disk while that can be taken back. */
  removing: { readonly path: string; readonly title: string } | null = $state.raw(null);
  /** Could not go to the trash: what the user is asked about. */
  untrashable: { readonly path: string; readonly problem: Problem } | null = $state.raw(null);
  readonly #backend: Backend;
  /** What is being recorded: of several watches there are several. */
  #paths: readonly string[] = [];
  #removal: ReturnType<typeof setTimeout> | null = null;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Begins to listen; returns what ends it. */
  connect(): () => void {
    return this.#backend.on('recordings:event', (event) => this.#receive(event));
  }

  get rows(): readonly RecordingEntry[] {
    const hidden = this.removing?.path;
    const entries = this.library?.entries.filter(({ path }) => path !== hidden) ?? [];
    return arrange(entries, this.typed, this.order);
  }

  get chosenEntry(): RecordingEntry | null {
    return this.library?.entries.find(({ path }) => path === this.chosen) ?? null;
  }

  sortBy(by: RecordingSort): void {
    const descending = this.order.by === by ? !this.order.descending : by !== 'name' && by !== 'kind';
    this.order = { by, descending };
  }

  mark(path: string, isMarked: boolean): void {
    if (!isMarked) this.marked.delete(path);
    else if (this.marked.size < mostCompared) this.marked.add(path);
  }

  async refresh(): Promise<void> {
    const listed = await this.#backend.request('recordings:list', null);
    if (!listed.ok) {
      this.problem = listed.problem;
      return;
    }
    this.library = listed.value;
    const { entries } = listed.value;
    for (const path of this.marked) {
      if (!entries.some((entry) => entry.path === path)) this.marked.delete(path);
    }
  }

  /** Opens whatever it is: a recording, or what another tool measured. */
  async open(path: string): Promise<void> {
    const isOurs = path.endsWith('.corescope');
    await this.#during(async () => {
      if (!isOurs) {
        const read = await this.#backend.request('foreign:open', { path });
        if (read.ok) this.#go({ at: 'foreign', file: read.value });
        return read;
      }
      const opened = await this.#backend.request('recording:open', { path });
      if (!opened.ok) return opened;
      const page = new RecordingPage(this.#backend, opened.value);
      this.#go({ at: 'recording', page });
      await page.load();
      return opened;
    });
  }

  async chooseFiles(): Promise<void> {
    const chosen = await this.#backend.request('recordings:choose', null);
    if (!chosen.ok) {
      this.problem = chosen.problem;
      return;
    }
    await this.openAll(chosen.value.paths);
  }

  /** One is opened; several recordings are compared. */
  async openAll(paths: readonly string[]): Promise<void> {
    const [first, second] = paths;
    if (first === undefined) return;
    if (second === undefined) await this.open(first);
    else await this.compare(paths.slice(0, mostCompared), null);
  }

  async compare(paths: readonly string[], alignBy: string | null): Promise<void> {
    await this.#during(async () => {
      const compared = await this.#backend.request('recordings:compare', { paths, alignBy });
      if (compared.ok) this.#go({ at: 'comparison', paths, compared: compared.value });
      return compared;
    });
  }

  backToLibrary(): void {
    this.#go({ at: 'library' });
    this.problem = null;
    void this.refresh();
  }

  async edit(path: string, change: { title?: string; tags?: readonly string[] }): Promise<boolean> {
    return await this.#change(this.#backend.request('recordings:edit', { path, ...change }));
  }

  async pin(path: string, pinned: boolean): Promise<void> {
    await this.#change(this.#backend.request('recordings:pin', { path, pinned }));
  }

  async addNote(path: string, atMs: number, text: string): Promise<boolean> {
    return await this.#change(this.#backend.request('recording:add-note', { path, atMs, text }));
  }

  async reveal(path: string): Promise<void> {
    await this.#change(this.#backend.request('recordings:reveal', { path }));
  }

  async copy(text: string): Promise<void> {
    await this.#change(this.#backend.request('text:copy', { text }));
  }

  /** Takes it out of the list; the file follows when it is too late to take that back. */
  remove({ path, title }: { readonly path: string; readonly title: string }): void {
    this.#finishRemoval();
    this.removing = { path, title };
    if (this.chosen === path) this.chosen = null;
    this.marked.delete(path);
    this.#removal = setTimeout(() => this.#finishRemoval(), undoMs);
  }

  takeBackRemoval(): void {
    if (this.#removal !== null) clearTimeout(this.#removal);
    this.#removal = null;
    this.removing = null;
  }

  async eraseForGood(path: string): Promise<void> {
    this.untrashable = null;
    await this.#change(this.#backend.request('recordings:remove', { path, forGood: true }));
  }

  /** Null where the user closed the dialog. */
  async exportTo(
    path: string,
    format: string,
    span: { readonly fromMs: number; readonly toMs: number } | null,
  ): Promise<string | null> {
    let written: string | null = null;
    await this.#during(async () => {
      const answer = await this.#backend.request('recording:export', { path, format, span });
      if (answer.ok) written = answer.value.path;
      return answer;
    });
    return written;
  }

  #finishRemoval(): void {
    const { removing } = this;
    this.takeBackRemoval();
    if (removing === null) return;
    const { path } = removing;
    if (this.library !== null) {
      const entries = this.library.entries.filter((entry) => entry.path !== path);
      this.library = { ...this.library, entries };
    }
    void this.#backend.request('recordings:remove', { path, forGood: false }).then((answer) => {
      if (!answer.ok && answer.problem.kind === 'no-trash')
        this.untrashable = { path, problem: answer.problem };
      else if (!answer.ok) this.problem = answer.problem;
      return this.refresh();
    });
  }

  #receive(event: RecordingsEvent): void {
    switch (event.type) {
      case 'began':
        this.#paths = [...this.#paths, event.path];
        this.recordingTo = event.path;
        this.recorded = null;
        this.failure = null;
        break;
      case 'ended':
        this.#paths = this.#paths.filter((path) => path !== event.path);
        this.recordingTo = this.#paths.at(-1) ?? null;
        this.recorded = event;
        break;
      case 'discarded':
        this.#paths = this.#paths.filter((path) => path !== event.path);
        this.recordingTo = this.#paths.at(-1) ?? null;
        break;
      case 'failed':
        // Which one it was is not said; the failure is.
        this.#paths = [];
        this.recordingTo = null;
        this.failure = event.problem;
        break;
      case 'cleaned-up':
        if (event.problems[0] !== undefined) this.failure = event.problems[0];
        break;
      case 'marker':
        // Of the timeline, not of the list.
        break;
    }
    if (this.library !== null) void this.refresh();
  }

  #go(place: RecordingsPlace): void {
    if (this.place.at === 'recording') this.place.page.close();
    this.place = place;
  }

  async #change(asked: Promise<Result<null>>): Promise<boolean> {
    const answer = await asked;
    if (!answer.ok) this.problem = answer.problem;
    await this.refresh();
    return answer.ok;
  }

  async #during(work: () => Promise<Result<unknown>>): Promise<void> {
    this.isBusy = true;
    this.problem = null;
    const answer = await work();
    if (!answer.ok) this.problem = answer.problem;
    this.isBusy = false;
  }
}

/** The line that says where a recording stands: its file's name without the ending. */
export function shortNameOf(path: string): string {
  return fileNameOf(path).replace(/\.corescope$/, '');
}
