import type { Objective } from './experiment-analysis.ts';
import type { Experiment, ExperimentPlan, MachineInfo } from './experiment.ts';
import {
  differencesChannels,
  type DifferencesEvent,
  type DifferencesRequests,
} from './differences-requests.ts';
import type { ExperimentEvent } from './experiment-event.ts';
import { processChannels, type ProcessRequests } from './process-requests.ts';
import { recordingChannels, type RecordingRequests, type RecordingsEvent } from './recordings-requests.ts';
import type { PlanEstimate } from './plan-estimate.ts';
import type { Problem, Result } from './result.ts';
import type { HeatmapChoice, RunHeatmaps } from './run-heatmap.ts';
import { shellChannels, shellEventChannels, type ShellEvents, type ShellRequests } from './shell-requests.ts';
import { watchChannels, type WatchRequests } from './watch-requests.ts';
import type { Runtime, StartMethod, StrategyId, WorkloadDescription } from './workload.ts';

/**
 * Everything that crosses between the window and the rest of the app, except samples: those go over a port from
 * the sampler straight to the page (see `SamplerMessage`).
 *
 * The bridge's type is written here and never inferred from the preload script: one Electron type that the
 * renderer can reach would load Node's types into all of it.
 */

/** An interpreter that can run workloads. */
export interface InterpreterChoice {
  readonly path: string;
  readonly version: string;
  readonly implementation: string;
  readonly gilEnabled: boolean | null;
}

/** A Python, with what else can be chosen about it. */
export interface PythonDescription extends InterpreterChoice {
  /** Whether it was built to run without the global interpreter lock; null where that is not CPython's question. */
  readonly freeThreadedBuild: boolean | null;
  /** What it has on this system; the first is what it takes by itself. */
  readonly startMethods: readonly StartMethod[];
}

/** One of the Pythons of this machine: as it described itself, or why it will not do. */
export type PythonOffer = {
  readonly path: string;
  /** Whence it is known, the first first: `PATH`, `pyenv`, `active virtual environment` … */
  readonly origins: readonly string[];
} & (
  | { readonly state: 'usable'; readonly python: PythonDescription }
  | { readonly state: 'unusable'; readonly problem: Problem }
);

/** For which work it is asked what can run it. */
export interface StrategyQuestion {
  readonly runtime: Runtime;
  readonly workloadId: string;
  /** Null: the Python that is found. */
  readonly pythonPath: string | null;
  readonly workers: number;
}

/** A strategy that the runtime has; where it cannot run here, a sentence says why. */
export type StrategyOffer =
  | { readonly strategy: StrategyId; readonly available: true }
  | { readonly strategy: StrategyId; readonly available: false; readonly reason: string };

/** What a file is chosen for, which decides what the dialog shows. */
export const filePurposes = [
  'module',
  'python-file',
  'interpreter',
  'node',
  'folder',
  'input',
  'recordings-folder',
] as const;
export type FilePurpose = (typeof filePurposes)[number];

/** What was chosen; null where the user closed the dialog. */
export interface ChosenFile {
  readonly path: string | null;
}

/** What the app knows of itself without asking any program: a window is shown with it. */
export interface AppDescription {
  readonly version: string;
  readonly machine: Pick<MachineInfo, 'cpuModel' | 'logicalCores' | 'memoryBytes'>;
  readonly workloads: readonly WorkloadDescription[];
  /** Cores that this app may use: the default number of workers. */
  readonly usableCores: number;
  readonly samplerEveryMs: number;
}

/** What has to be looked for by starting programs, which takes a second or two. */
export interface AppSurroundings {
  /** What is known of it now. */
  readonly machine: AppDescription['machine'];
  readonly node: Result<InterpreterChoice>;
  readonly python: Result<PythonDescription>;
}

export type SaveFormat = 'json' | 'html';

/** Where something was saved; null where the user closed the dialog. */
export interface SavedFile {
  readonly path: string | null;
}

export interface Requests
  extends DifferencesRequests, ProcessRequests, RecordingRequests, ShellRequests, WatchRequests {
  'app:describe': { readonly request: null; readonly response: AppDescription };
  'app:look-around': { readonly request: null; readonly response: AppSurroundings };
  /** What a plan would take; a problem where it cannot be run as it is. */
  'experiment:estimate': { readonly request: ExperimentPlan; readonly response: PlanEstimate };
  'experiment:start': { readonly request: ExperimentPlan; readonly response: null };
  'experiment:cancel': { readonly request: null; readonly response: null };
  /** Holds the experiment after the run under way, or lets it go on. `paused` and `resumed` tell when it is so. */
  'experiment:pause': { readonly request: { readonly paused: boolean }; readonly response: null };
  /** Judges the last finished one for another objective, without a new run; what is saved then says the same. */
  'experiment:judge': { readonly request: { readonly objective: Objective }; readonly response: Experiment };
  /** Pictures of the runs of the last finished one. */
  'experiment:heatmaps': {
    readonly request: { readonly runs: HeatmapChoice };
    readonly response: RunHeatmaps;
  };
  'experiment:save': { readonly request: { readonly format: SaveFormat }; readonly response: SavedFile };
  /** Every strategy of the runtime, with whether it can run this workload here. */
  'strategies:list': { readonly request: StrategyQuestion; readonly response: readonly StrategyOffer[] };
  /** The Pythons of this machine, those that the user most likely means first. Takes up to two seconds. */
  'pythons:list': { readonly request: null; readonly response: readonly PythonOffer[] };
  /** Asks the Python at `path` what it is. */
  'python:describe': { readonly request: { readonly path: string }; readonly response: PythonDescription };
  'file:choose': { readonly request: { readonly purpose: FilePurpose }; readonly response: ChosenFile };
  /** Puts a text on the system's clipboard, which a page without permissions may not do itself. */
  'text:copy': { readonly request: { readonly text: string }; readonly response: null };
  /** Asks for the samples port; it arrives as a `window` message `{ type: samplesPortMessage }`. */
  'samples:connect': { readonly request: null; readonly response: null };
}
export type RequestChannel = keyof Requests;

/** One of the app's own processes has ended without being asked to. */
export interface ServiceExit {
  readonly service: 'engine' | 'sampler';
  readonly problem: Problem;
}

export interface Events extends ShellEvents {
  'recordings:event': RecordingsEvent;
  'differences:event': DifferencesEvent;
  'experiment:event': ExperimentEvent;
  'service:exited': ServiceExit;
}
export type EventChannel = keyof Events;

/** The preload script's allow-lists. A channel that is missing here does not compile. */
export const requestChannels = {
  ...recordingChannels,
  ...shellChannels,
  ...differencesChannels,
  ...watchChannels,
  ...processChannels,
  'app:describe': true,
  'app:look-around': true,
  'experiment:estimate': true,
  'experiment:start': true,
  'experiment:cancel': true,
  'experiment:pause': true,
  'experiment:judge': true,
  'experiment:heatmaps': true,
  'experiment:save': true,
  'strategies:list': true,
  'pythons:list': true,
  'python:describe': true,
  'file:choose': true,
  'text:copy': true,
  'samples:connect': true,
} as const satisfies Record<RequestChannel, true>;

export const eventChannels = {
  ...shellEventChannels,
  'recordings:event': true,
  'differences:event': true,
  'experiment:event': true,
  'service:exited': true,
} as const satisfies Record<EventChannel, true>;

/** The channel on which main hands the samples port to preload, and the `type` of the page's window message. */
export const samplesPortMessage = 'samples:port';

/** What the preload script puts on `window.corescope`. */
export interface Bridge {
  request<Channel extends RequestChannel>(
    channel: Channel,
    payload: Requests[Channel]['request'],
  ): Promise<Result<Requests[Channel]['response']>>;
  /** Calls `listener` for each event until the returned function is called. */
  on<Channel extends EventChannel>(channel: Channel, listener: (event: Events[Channel]) => void): () => void;
  /** Where a file that was dropped on the page lies on disk; null where it lies on none. */
  pathOf(droppedFile: object): string | null;
}
