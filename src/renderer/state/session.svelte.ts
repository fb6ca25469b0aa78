import type { Experiment, ExperimentPlan } from '../../shared/experiment.ts';
import type { ExperimentEvent } from '../../shared/experiment-event.ts';
import type { AppDescription, AppSurroundings, SaveFormat } from '../../shared/ipc.ts';
import type { ProcessIdentity } from '../../shared/process-requests.ts';
import type { RecentItem } from '../../shared/shell-requests.ts';
import type { Backend } from '../lib/backend.ts';
import { startDrawingWorker, type DrawingWorker } from '../lib/drawing-worker.ts';
import type { DestinationId } from '../shell/destinations.ts';
import { ExperimentState } from './experiment.svelte.ts';
import { sortFiles } from './given-files.ts';
import { LiveState } from './live.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { RecordingsState } from './recordings.svelte.ts';
import { PlanForm } from './plan-form.svelte.ts';
import { recallPlan } from './recall-plan.ts';
import type { SettingsState } from './settings.svelte.ts';
import type { ThemeState } from './theme.svelte.ts';
import { fillExample } from './worked-example.ts';

/** The programs that this starts are not to take the CPU from a window that is just being shown. */
const lookAroundAfterMs = 400;

/**
 * What all views of one window share: the way out, what is sampled, the experiment that is on, and where the user
 * is. A view gets it whole; what only one view needs stays in that view.
 */
export class AppSession {
  readonly backend: Backend;
  readonly description: AppDescription;
  readonly settings: SettingsState;
  readonly theme: ThemeState;
  /** Where the user can go in this window, in the order of the rail. */
  readonly destinationIds: readonly DestinationId[];
  readonly form: PlanForm;
  readonly experiment = new ExperimentState();
  readonly live = new LiveState();
  readonly notices = new Notices();
  readonly recordings: RecordingsState;
  readonly drawing: DrawingWorker;
  /** The last finished comparison; stays while the next one runs. */
  result: Experiment | null = $state.raw(null);
  /** What was done lately, the newest first; the same in all windows. */
  recent: readonly RecentItem[] = $state.raw([]);
  destination: DestinationId = $state('start');
  paletteIsOpen = $state(false);
  /** Whether the words that lead through the worked example are shown. */
  guideIsOpen = $state(false);
  /** Whether the table of differences is being measured, here or in another window. */
  measuresDifferences = $state(false);
  /** Recordings that the user wants to see, for the view of recordings to take; empty: none waits. */
  recordingsToOpen: readonly string[] = $state.raw([]);
  /** A process that the user wants to watch, for the view of watches to take; null: none waits. */
  processToWatch: ProcessIdentity | null = $state.raw(null);

  constructor(
    backend: Backend,
    description: AppDescription,
    settings: SettingsState,
    theme: ThemeState,
    destinationIds: readonly DestinationId[],
  ) {
    this.backend = backend;
    this.description = description;
    this.settings = settings;
    this.theme = theme;
    this.destinationIds = destinationIds;
    this.form = new PlanForm(description);
    const { timeLimitMs, memoryLimitBytes } = settings.values;
    this.form.options.timeoutSeconds = timeLimitMs / 1000;
    this.form.options.memoryLimitMb = memoryLimitBytes === null ? Number.NaN : memoryLimitBytes / 1e6;
    this.recordings = new RecordingsState(backend);
    this.drawing = startDrawingWorker({
      onFrames: (buffers) => this.live.receiveFrames(buffers, this.experiment.workers),
      onEntities: (message) => this.live.receiveEntities(message),
      onTopology: (topology) => (this.live.topology = topology),
      onPlaced: (message) => this.live.receivePlaced(message),
      onProblem: (problem) => (this.live.problem = problem),
    });
  }

  /** Whether something is measured, out of whose way the app keeps. */
  get isMeasuring(): boolean {
    return this.experiment.isBusy || this.measuresDifferences;
  }

  /** The interpreters of this machine; null while they are looked for. */
  get surroundings(): AppSurroundings | null {
    return this.form.surroundings;
  }

  /** Starts listening; returns what ends it and the drawing worker. */
  connect(): () => void {
    const { backend } = this;
    const unsubscribes = [
      backend.on('experiment:event', (event) => this.#receive(event)),
      backend.on('service:exited', ({ service, problem }) => {
        // Its own last event cannot come any more; the run ended at the latest with the newest sample.
        if (service === 'engine') {
          this.experiment.receive({ type: 'failed', problem, atMs: this.live.frame?.atMs ?? 0 });
          this.measuresDifferences = false;
        } else this.live.samplerEnded(problem);
      }),
      backend.on('differences:event', ({ type }) => (this.measuresDifferences = type === 'progress')),
      backend.on('recent:changed', (items) => (this.recent = items)),
      this.recordings.connect(),
      backend.on('recordings:event', (event) => {
        if (event.type === 'marker') this.live.addMarker(event.marker, event.atMs);
      }),
      backend.on('files:waiting', () => void this.#takeFiles()),
    ];
    this.drawing.setWorkers(null);
    void backend.connectSamples().then((port) => this.drawing.attachSamples(port));
    void this.#catchUp();
    void this.#takeFiles();
    const timer = setTimeout(() => void this.#lookAround(), lookAroundAfterMs);
    return () => {
      clearTimeout(timer);
      for (const unsubscribe of unsubscribes) unsubscribe();
      this.drawing.terminate();
    };
  }

  goTo(destination: DestinationId): void {
    this.destination = destination;
  }

  /** Goes to a view that another part of the app may or may not bring; false where there is none. */
  goToNamed(name: string): boolean {
    const destination = this.destinationIds.find((id) => id === name);
    if (destination !== undefined) this.destination = destination;
    return destination !== undefined;
  }

  /** Starts the comparison that the form describes, if it describes one and none is on. */
  async compare(): Promise<void> {
    if (this.experiment.isBusy || this.form.obstacle !== null) return;
    // 32 bits: the seed is printed, and typed in again to repeat the order.
    const [seed = 1] = crypto.getRandomValues(new Uint32Array(1));
    const started = await this.backend.request('experiment:start', this.form.toPlan(seed));
    if (!started.ok) this.experiment.refuse(started.problem);
  }

  async cancel(): Promise<void> {
    if (!this.experiment.isBusy) return;
    this.experiment.markCancelling();
    const cancelled = await this.backend.request('experiment:cancel', null);
    if (!cancelled.ok) this.experiment.refuse(cancelled.problem);
  }

  async saveResult(format: SaveFormat): Promise<void> {
    const saved = await this.backend.request('experiment:save', { format });
    if (!saved.ok) this.notices.complain(saved.problem);
    else if (saved.value.path !== null) this.notices.tell(`Saved to ${saved.value.path}`);
  }

  /** Saves the view as it is seen, whatever charts are on it. */
  async savePicture(): Promise<void> {
    // The palette or menu that this was chosen from must be gone from the picture: two frames, and it is drawn.
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const views = [...document.querySelectorAll('main')].map((view) => view.getBoundingClientRect());
    const seen =
      views.find(({ width, height }) => width > 0 && height > 0) ?? document.body.getBoundingClientRect();
    const place = { left: seen.left, top: seen.top, width: seen.width, height: seen.height };
    const saved = await this.backend.request('view:save-picture', place);
    if (!saved.ok) this.notices.complain(saved.problem);
    else if (saved.value.path !== null) this.notices.tell(`Saved to ${saved.value.path}`);
  }

  /** The comparison of a former time, ready to be started. */
  recall(plan: ExperimentPlan): void {
    if (!this.experiment.isBusy) recallPlan(this.form, plan);
    this.goTo('experiment');
  }

  /** Starts the worked example, with words that say what to look at. */
  async startExample(): Promise<void> {
    if (this.experiment.isBusy) return;
    fillExample(this.form);
    this.guideIsOpen = true;
    this.goTo('experiment');
    await this.compare();
  }

  /** Takes what was dropped, chosen or handed over by the system: recordings to look at, or work to compare. */
  openFiles(paths: readonly string[]): void {
    const { recordings, work, leftOut } = sortFiles(paths);
    if (recordings.length > 0) this.openRecordings(recordings);
    if (work !== null) this.#takeWork(work);
    if (leftOut.length > 0) {
      this.notices.complain({
        message: `Work is compared one file at a time; not taken: ${leftOut.join(', ')}.`,
        advice: 'Give them one after the other.',
      });
    }
  }

  #takeWork(path: string): void {
    if (this.experiment.isBusy) {
      this.notices.complain({
        message: 'A comparison is running, so the file was not taken.',
        advice: 'Cancel it, or wait until it has ended.',
      });
      return;
    }
    const refusal = this.form.takeFile(path);
    if (refusal === null) this.goTo('experiment');
    else this.notices.complain({ message: refusal, advice: '' });
  }

  /** Asks for a file with work to compare. */
  async chooseWork(purpose: 'module' | 'python-file'): Promise<void> {
    const chosen = await this.backend.request('file:choose', { purpose });
    if (!chosen.ok) this.notices.complain(chosen.problem);
    else if (chosen.value.path !== null) this.openFiles([chosen.value.path]);
  }

  async chooseRecordings(): Promise<void> {
    const chosen = await this.backend.request('recordings:choose', null);
    if (!chosen.ok) this.notices.complain(chosen.problem);
    else if (chosen.value.paths.length > 0) this.openRecordings(chosen.value.paths);
  }

  /** One is opened; several are compared. */
  openRecordings(paths: readonly string[]): void {
    if (!this.goToNamed('recordings')) {
      this.notices.complain({
        message: `${paths.join(', ')}: this window has no view of recordings.`,
        advice: 'Open it in a terminal: corescope open.',
      });
      return;
    }
    this.recordingsToOpen = paths;
    for (const path of paths) void this.backend.request('recent:add-recording', { path });
  }

  watchProcess({ pid, startedUnixMs }: ProcessIdentity): void {
    if (this.goToNamed('watch')) this.processToWatch = { pid, startedUnixMs };
  }

  async #lookAround(): Promise<void> {
    const found = await this.backend.request('app:look-around', null);
    const { machine } = this.description;
    this.form.surroundings = found.ok ? found.value : { machine, node: found, python: found };
  }

  #receive(event: ExperimentEvent): void {
    this.experiment.receive(event);
    if (event.type === 'planned' || event.type === 'worker-ready') {
      this.live.placeWorkers(event.atMs);
      this.drawing.setWorkers(event.type === 'planned' ? [] : this.experiment.workers);
    } else if (!this.experiment.isBusy) this.drawing.setWorkers(null);
    if (event.type === 'finished') this.result = event.experiment;
  }

  /** A window that is opened while an experiment is on, or after one, shows it too. */
  async #catchUp(): Promise<void> {
    const [events, recent] = await Promise.all([
      this.backend.request('experiment:replay', null),
      this.backend.request('recent:list', null),
    ]);
    if (recent.ok) this.recent = recent.value;
    // What came meanwhile is newer than the replay.
    if (!events.ok || this.experiment.status.state !== 'idle') return;
    for (const event of events.value) this.#receive(event);
  }

  async #takeFiles(): Promise<void> {
    const taken = await this.backend.request('files:take', null);
    if (taken.ok) this.openFiles(taken.value);
  }
}
