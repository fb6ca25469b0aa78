import { join } from 'node:path';
import type { MessagePortMain } from 'electron';
import type { Objective } from '../shared/experiment-analysis.ts';
import type { ExperimentPlan, Experiment } from '../shared/experiment.ts';
import type { ExperimentEvent } from '../shared/experiment-event.ts';
import type { AppSurroundings } from '../shared/ipc.ts';
import { fail, succeed, type Result } from '../shared/result.ts';
import { createSessionClock, type SessionClock } from '../engine/clock.ts';
import { experimentToHtml } from '../engine/export/html.ts';
import { experimentToJson } from '../engine/export/json.ts';
import { writeFileSafely } from '../engine/export/write-file.ts';
import { createPauseSwitch, type PauseSwitch } from '../engine/experiment/pause.ts';
import { checkStrategies } from '../engine/experiment/plan.ts';
import { runExperiment } from '../engine/experiment/run-experiment.ts';
import { describeMachine, usableCores } from '../engine/machine.ts';
import { describeNode } from '../engine/runner/interpreters.ts';
import type { HostFiles } from '../engine/runner/run.ts';
import type { Sampler } from '../engine/sampler/index.ts';
import { createSamplerClient } from '../engine/sampler/remote.ts';
import { heatmapsOf, judgeAgain, type LastExperiment } from './answers/last-experiment.ts';
import { DifferencesDesk } from './answers/differences.ts';
import { beginAppRecording } from './app-recordings.ts';
import { recordingPlaceOf, type RecordingPlace } from './answers/recording-shelf.ts';
import { WatchDesk } from './answers/watch.ts';
import { createPlanEstimates, type PlanEstimates } from './answers/plan-estimates.ts';
import { chooseNode, choosePython, describePython, listStrategies, offerPythons } from './launch-answers.ts';
import type {
  EngineRequestName,
  EngineRequests,
  EngineStart,
  FromEngine,
  ToEngine,
} from './engine-messages.ts';

/**
 * The engine's own process in the app: runs experiments, keeps the last one, writes it to disk. It reaches the
 * sampler over a port of its own; main only hears what is happening.
 */
interface EngineState {
  readonly settings: EngineStart;
  readonly clock: SessionClock;
  readonly sampler: Sampler;
  readonly machine: ReturnType<typeof describeMachine>;
  /** Looked for before anybody asks, which somebody soon does. Null once they were told. */
  firstInterpreters: ReturnType<typeof findInterpreters> | null;
  /** Where recordings go; read anew for each, so that it can be changed. */
  readonly recordingPlace: () => RecordingPlace;
  readonly differences: DifferencesDesk;
  readonly watches: WatchDesk;
  running: {
    readonly controller: AbortController;
    readonly pause: PauseSwitch;
    readonly ended: Promise<void>;
  } | null;
  last: LastExperiment | null;
  readonly estimates: PlanEstimates;
}

let state: EngineState | null = null;

process.parentPort.on('message', (event) => {
  const message = event.data as ToEngine;
  if (message.type === 'start-engine') {
    const [samplerPort] = event.ports;
    if (samplerPort === undefined) throw new Error('start-engine came without the sampler port');
    state = start(message, samplerPort);
    return;
  }
  if (state === null) throw new Error(`engine request ${message.name} came before start-engine`);
  void answer(state, message.name, message.payload).then((result) =>
    send({ type: 'response', id: message.id, result }),
  );
});

function send(message: FromEngine): void {
  process.parentPort.postMessage(message);
}

function start(settings: EngineStart, samplerPort: MessagePortMain): EngineState {
  const sampler = createSamplerClient({
    postMessage: (message) => samplerPort.postMessage(message),
    onMessage: (listener) => samplerPort.on('message', ({ data }) => listener(data)),
  });
  samplerPort.start();
  const recordingPlace = (): RecordingPlace => recordingPlaceOf(settings.preferences);
  const clock = createSessionClock(settings.clockOrigin);
  const machine = describeMachine();
  const firstInterpreters = findInterpreters(settings.preferences);
  // Whoever waits for them hears of a failure; until then it is nobody's.
  firstInterpreters.catch(() => undefined);
  const engine: EngineState = {
    settings,
    clock,
    sampler,
    machine,
    firstInterpreters,
    recordingPlace,
    differences: new DifferencesDesk({
      clock,
      sampler,
      machine,
      version: settings.version,
      hostFiles: hostFilesOf(settings),
      findInterpreter: (runtime, pythonPath) =>
        runtime === 'node'
          ? chooseNode(settings.preferences)
          : choosePython(pythonPath, settings.preferences),
      probesFolder: settings.probesFolder,
      keptFile: settings.differencesFile,
      isBusy: () => engine.running !== null,
      onEvent: (event) => send({ type: 'differences', event }),
    }),
    watches: new WatchDesk({
      clock,
      clockStartedUnixMs: settings.clockOrigin.startedUnixMs,
      sampler,
      samplerEveryMs: settings.samplerEveryMs,
      machine,
      version: settings.version,
      ownPid: settings.ownPid,
      place: recordingPlace,
      isBusy: () => engine.running !== null || engine.differences.isRunning,
      onRecordings: (event) => send({ type: 'recordings', event }),
    }),
    running: null,
    last: null,
    estimates: createPlanEstimates(usableCores()),
  };
  return engine;
}

function hostFilesOf({ nodeProgramsFolder, pythonFolder }: EngineStart): HostFiles {
  return { nodeHost: join(nodeProgramsFolder, 'run-host.js'), pythonFolder };
}

/** A failure that nobody foresaw still reaches the screen as a problem instead of as silence. */
async function answer<Name extends EngineRequestName>(
  engine: EngineState,
  name: Name,
  payload: EngineRequests[Name]['request'],
): Promise<Result<unknown>> {
  const handlers: {
    [Each in EngineRequestName]: (
      payload: EngineRequests[Each]['request'],
    ) => Promise<Result<EngineRequests[Each]['response']>>;
  } = {
    'look-around': () => lookAround(engine),
    strategies: (question) => listStrategies(question, engine.settings.preferences),
    pythons: offerPythons,
    python: describePython,
    estimate: (plan) => Promise.resolve(succeed(engine.estimates.estimate(plan))),
    'describe-node': ({ path }) => describeNode(path),
    start: (plan) => startExperiment(engine, plan),
    cancel: () => cancelExperiment(engine),
    pause: ({ paused }) => Promise.resolve(pauseExperiment(engine, paused)),
    judge: ({ objective }) => Promise.resolve(judgeLast(engine, objective)),
    heatmaps: ({ runs }) => Promise.resolve(heatmapsOf(engine.last, runs)),
    ...engine.differences.answers,
    ...engine.watches.answers,
    ...engine.watches.processAnswers,
    save: ({ format, path }) => saveLast(engine, format, path),
  };
  try {
    return await handlers[name](payload);
  } catch (error) {
    return fail(
      'internal',
      `The engine failed at "${name}": ${error instanceof Error ? error.message : String(error)}`,
      'This is a fault in Corescope. Please report it with the steps that led here.',
    );
  }
}

function findInterpreters(preferences: EngineStart['preferences']) {
  return Promise.all([chooseNode(preferences), choosePython(null, preferences)]);
}

async function lookAround(engine: EngineState): Promise<Result<AppSurroundings>> {
  const interpreters = engine.firstInterpreters ?? findInterpreters(engine.settings.preferences);
  engine.firstInterpreters = null;
  const [machine, [node, python]] = await Promise.all([engine.machine, interpreters]);
  return succeed({ machine, node, python });
}

async function startExperiment(engine: EngineState, plan: ExperimentPlan): Promise<Result<null>> {
  if (engine.running !== null) {
    return fail('busy', 'An experiment is already running.', 'Cancel it, or wait until it has ended.');
  }
  if (engine.differences.isRunning) {
    return fail(
      'busy',
      'The differences between threads and processes are being measured, and the two would disturb each other.',
      'Cancel that in the view Differences, or wait until it has ended.',
    );
  }
  const watched = engine.watches.refuseExperiment();
  if (!watched.ok) return watched;
  const controller = new AbortController();
  let endRun = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    endRun = resolve;
  });
  // Claimed before the first await: a second click must find the engine busy.
  const pause = createPauseSwitch();
  engine.running = { controller, pause, ended };
  const release = (): void => {
    engine.running = null;
    endRun();
  };

  const { preferences } = engine.settings;
  const interpreter =
    plan.workload.runtime === 'python'
      ? await choosePython(plan.pythonPath, preferences)
      : await chooseNode(preferences);
  if (!interpreter.ok) {
    release();
    return interpreter;
  }
  const runnable = checkStrategies(plan, interpreter.value, process.platform);
  if (!runnable.ok) {
    release();
    return runnable;
  }
  const tools = {
    clock: engine.clock,
    sampler: engine.sampler,
    samplerEveryMs: engine.settings.samplerEveryMs,
    machine: await engine.machine,
    version: engine.settings.version,
    interpreter: interpreter.value,
    hostFiles: hostFilesOf(engine.settings),
  };
  const recording = beginAppRecording(
    {
      corescopeVersion: engine.settings.version,
      title: `${plan.workload.id}: ${plan.strategies.join(', ')}`,
      requestedEveryMs: engine.settings.samplerEveryMs,
      machine: tools.machine,
      // Known from the beginning, so that one that is cut off says what it was.
      workload: plan.workload.id,
      strategy: plan.strategies.join(', '),
      seed: plan.seed,
    },
    {
      sampler: engine.sampler,
      clock: engine.clock,
      clockStartedUnixMs: engine.settings.clockOrigin.startedUnixMs,
      place: engine.recordingPlace(),
      onEvent: (event) => send({ type: 'recordings', event }),
    },
  );
  const onEvent = (event: ExperimentEvent): void => {
    recording.addEvent(event);
    engine.estimates.receive(event);
    send({ type: 'event', event });
  };
  void runExperiment(plan, tools, { onEvent, signal: controller.signal, pause })
    .then((outcome) => {
      if (outcome.state === 'finished') engine.last = outcome;
    })
    .catch((error: unknown) => {
      const { problem } = fail(
        'internal',
        `The experiment broke off: ${error instanceof Error ? error.message : String(error)}`,
        'This is a fault in Corescope. Please report it with the settings of this experiment.',
      );
      onEvent({ type: 'failed', problem, atMs: engine.clock.nowMs() });
    })
    .finally(() => {
      recording.end();
      release();
    });
  return succeed(null);
}

async function cancelExperiment(engine: EngineState): Promise<Result<null>> {
  const { running } = engine;
  running?.controller.abort();
  await running?.ended;
  return succeed(null);
}

/** Takes effect between two runs; without an experiment there is nothing to hold, and nothing wrong with that. */
function pauseExperiment(engine: EngineState, paused: boolean): Result<null> {
  if (paused) engine.running?.pause.pause();
  else engine.running?.pause.resume();
  return succeed(null);
}

function judgeLast(engine: EngineState, objective: Objective): Result<Experiment> {
  const judged = judgeAgain(engine.last, objective);
  if (!judged.ok) return judged;
  engine.last = judged.value;
  return succeed(judged.value.experiment);
}

async function saveLast(engine: EngineState, format: 'json' | 'html', path: string): Promise<Result<null>> {
  if (engine.last === null) {
    return fail('nothing-to-save', 'There is no finished comparison to save.', 'Run a comparison first.');
  }
  const { experiment, traces } = engine.last;
  const text = format === 'json' ? experimentToJson(experiment) : experimentToHtml(experiment, traces);
  const written = await writeFileSafely(path, text);
  return written.ok ? succeed(null) : written;
}
