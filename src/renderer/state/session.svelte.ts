import type { Experiment } from '../../shared/experiment.ts';
import type { AppDescription } from '../../shared/ipc.ts';
import type { Backend } from '../lib/backend.ts';
import { startDrawingWorker, type DrawingWorker } from '../lib/drawing-worker.ts';
import type { DestinationId } from '../shell/destinations.ts';
import { ExperimentState } from './experiment.svelte.ts';
import { LiveState } from './live.svelte.ts';
import { PlanForm } from './plan-form.svelte.ts';
import type { ThemeState } from './theme.svelte.ts';

/**
 * What all views of one window share: the way out, what is sampled, the experiment that is on, and where the user
 * is. A view gets it whole; what only one view needs stays in that view.
 */
export class AppSession {
  readonly backend: Backend;
  readonly description: AppDescription;
  readonly theme: ThemeState;
  readonly form: PlanForm;
  readonly experiment = new ExperimentState();
  readonly live = new LiveState();
  readonly drawing: DrawingWorker;
  /** The last finished comparison; stays while the next one runs. */
  result: Experiment | null = $state.raw(null);
  destination: DestinationId = $state('experiment');

  constructor(backend: Backend, description: AppDescription, theme: ThemeState) {
    this.backend = backend;
    this.description = description;
    this.theme = theme;
    this.form = new PlanForm(description);
    this.drawing = startDrawingWorker({
      onFrames: (buffers) => this.live.receiveFrames(buffers, this.experiment.workers),
      onEntities: (message) => this.live.receiveEntities(message),
      onTopology: (topology) => (this.live.topology = topology),
      onProblem: (problem) => (this.live.problem = problem),
    });
  }

  /** Starts listening; returns what ends it and the drawing worker. */
  connect(): () => void {
    const unsubscribeEvents = this.backend.on('experiment:event', (event) => {
      this.experiment.receive(event);
      if (event.type === 'worker-ready') this.drawing.setWorkers(this.experiment.workers);
      if (event.type === 'finished') this.result = event.experiment;
    });
    const unsubscribeExits = this.backend.on('service:exited', ({ service, problem }) => {
      // Its own last event cannot come any more; the run ended at the latest with the newest sample.
      if (service === 'engine') {
        this.experiment.receive({ type: 'failed', problem, atMs: this.live.frame?.atMs ?? 0 });
      } else this.live.samplerEnded(problem);
    });
    void this.backend.connectSamples().then((port) => this.drawing.attachSamples(port));
    return () => {
      unsubscribeEvents();
      unsubscribeExits();
      this.drawing.terminate();
    };
  }

  goTo(destination: DestinationId): void {
    this.destination = destination;
  }
}
