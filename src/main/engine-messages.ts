import type { Objective } from '../shared/experiment-analysis.ts';
import type { Experiment, ExperimentPlan } from '../shared/experiment.ts';
import type { ExperimentEvent } from '../shared/experiment-event.ts';
import type {
  AppSurroundings,
  InterpreterChoice,
  PythonDescription,
  PythonOffer,
  SaveFormat,
  StrategyOffer,
  StrategyQuestion,
} from '../shared/ipc.ts';
import type { DifferencesEvent } from '../shared/differences-requests.ts';
import type { RecordingsEvent } from '../shared/recordings-requests.ts';
import type { PlanEstimate } from '../shared/plan-estimate.ts';
import type { Result } from '../shared/result.ts';
import type { HeatmapChoice, RunHeatmaps } from '../shared/run-heatmap.ts';
import type { AppSettings } from '../shared/settings.ts';
import type { UnixMs } from '../shared/units.ts';
import type { ProcessRequests } from '../shared/process-requests.ts';
import type { DifferencesEngineRequests } from './answers/differences.ts';
import type { PlacePreferences } from './answers/recording-shelf.ts';
import type { RecordingEngineRequests } from './answers/recordings.ts';
import type { WatchEngineRequests } from './answers/watch.ts';

/** What main and its utility processes say to each other. Both sides are ours, so nothing is validated. */

/** The session clock, made once in main so that frames, run events and screen agree. */
export interface ClockOrigin {
  readonly originNs: bigint;
  readonly startedUnixMs: UnixMs;
}

export interface EngineStart {
  readonly type: 'start-engine';
  readonly version: string;
  readonly clockOrigin: ClockOrigin;
  readonly samplerEveryMs: number;
  /** The user's settings when the app was started: interpreters, folder and budget of recordings. */
  readonly preferences: AppSettings;
  /** Folder of the programs that run in plain Node (out/node). */
  readonly nodeProgramsFolder: string;
  /** Folder that holds the Python package of the run host. */
  readonly pythonFolder: string;
  /** Folder of the probes of the differences between threads and processes. */
  readonly probesFolder: string;
  /** The app's main process: what it and its children are is not watched. */
  readonly ownPid: number;
  /** Where the last table of them is kept. */
  readonly differencesFile: string;
}

export interface SamplerStart {
  readonly type: 'start-sampler';
  readonly clockOrigin: ClockOrigin;
  readonly everyMs: number;
  /** The app's main process: root of the tree that is labelled "Corescope". */
  readonly ownPid: number;
}

/** Comes with one port. */
export interface AttachEngine {
  readonly type: 'attach-engine';
}

/** Comes with one port. */
export interface AttachScreen {
  readonly type: 'attach-screen';
}

export type SamplerProcessMessage = SamplerStart | AttachEngine | AttachScreen;

export interface EngineRequests extends DifferencesEngineRequests, WatchEngineRequests, ProcessRequests {
  'look-around': { readonly request: null; readonly response: AppSurroundings };
  strategies: { readonly request: StrategyQuestion; readonly response: readonly StrategyOffer[] };
  pythons: { readonly request: null; readonly response: readonly PythonOffer[] };
  python: { readonly request: { readonly path: string }; readonly response: PythonDescription };
  estimate: { readonly request: ExperimentPlan; readonly response: PlanEstimate };
  'describe-node': { readonly request: { readonly path: string }; readonly response: InterpreterChoice };
  start: { readonly request: ExperimentPlan; readonly response: null };
  cancel: { readonly request: null; readonly response: null };
  pause: { readonly request: { readonly paused: boolean }; readonly response: null };
  judge: { readonly request: { readonly objective: Objective }; readonly response: Experiment };
  heatmaps: { readonly request: { readonly runs: HeatmapChoice }; readonly response: RunHeatmaps };
  save: { readonly request: { readonly format: SaveFormat; readonly path: string }; readonly response: null };
}
export type EngineRequestName = keyof EngineRequests;

/** What is asked of either process: main sends each request to the one that answers it. */
export interface ServiceRequests extends EngineRequests, RecordingEngineRequests {}

export type EngineRequestMessage = {
  [Name in EngineRequestName]: {
    readonly type: 'request';
    readonly id: number;
    readonly name: Name;
    readonly payload: EngineRequests[Name]['request'];
  };
}[EngineRequestName];

export type ToEngine = EngineStart | EngineRequestMessage;

export interface RecordingsStart {
  readonly type: 'start-recordings';
  readonly preferences: PlacePreferences;
}

export interface RecordingRequestMessage<
  Name extends keyof RecordingEngineRequests = keyof RecordingEngineRequests,
> {
  readonly type: 'request';
  readonly id: number;
  readonly name: Name;
  readonly payload: RecordingEngineRequests[Name]['request'];
}

export type ToRecordings = RecordingsStart | RecordingRequestMessage;

export interface FromRecordings {
  readonly type: 'response';
  readonly id: number;
  readonly result: Result<unknown>;
}

export type FromEngine =
  | { readonly type: 'response'; readonly id: number; readonly result: Result<unknown> }
  | { readonly type: 'event'; readonly event: ExperimentEvent }
  | { readonly type: 'differences'; readonly event: DifferencesEvent }
  | { readonly type: 'recordings'; readonly event: RecordingsEvent };
