import type { SessionClock } from '../../engine/clock.ts';
import { chooseProcesses, markOwn } from '../../engine/processes/choose-processes.ts';
import { isProcess } from '../../engine/processes/is-process.ts';
import { createProcessLister, type ProcessLister } from '../../engine/processes/process-lister.ts';
import { findWatchable, hiddenFacts } from '../../engine/processes/watchable.ts';
import type { Sampler } from '../../engine/sampler/index.ts';
import { samplerOfTree } from '../../engine/watch/one-tree.ts';
import { startWatchedCommand } from '../../engine/watch/watched-command.ts';
import type { MachineInfo } from '../../shared/experiment.ts';
import type { RecordingsEvent } from '../../shared/recordings-requests.ts';
import { fail, succeed, type Failure, type Result } from '../../shared/result.ts';
import type { Milliseconds, UnixMs } from '../../shared/units.ts';
import type { ListedProcess, WatchedTree, WatchRequests } from '../../shared/watch-requests.ts';
import { beginAppRecording, type AppRecording } from '../app-recordings.ts';
import type { RecordingPlace } from './recording-shelf.ts';
import { createProcessAnswers, type ProcessAnswers } from './processes.ts';
import { Watch, type WatchSubject } from './watch-one.ts';

/** What the engine's process is asked: what the page asks, and at the end to let go of everything. */
export type WatchEngineRequests = WatchRequests & {
  'watch:stop-all': { readonly request: null; readonly response: null };
};

export type WatchAnswers = {
  readonly [Name in keyof WatchEngineRequests]: (
    payload: WatchEngineRequests[Name]['request'],
  ) => Promise<Result<WatchEngineRequests[Name]['response']>>;
};

export interface WatchSurroundings {
  readonly clock: Pick<SessionClock, 'nowMs'>;
  readonly clockStartedUnixMs: UnixMs;
  readonly sampler: Sampler;
  readonly samplerEveryMs: Milliseconds;
  readonly machine: Promise<MachineInfo>;
  readonly version: string;
  /** Corescope's first process: it and what it has started is Corescope's own. */
  readonly ownPid: number;
  readonly place: () => RecordingPlace;
  /** Whether something is measured, which a watched tree would be mixed into. */
  readonly isBusy: () => boolean;
  readonly onRecordings: (event: RecordingsEvent) => void;
  readonly lister?: ProcessLister;
  readonly isThere?: (pid: number) => boolean;
}

/** Ended ones are kept until they are put away; the oldest go where there are more. */
const mostKept = 20;

/** The processes of this machine, and those of them that are watched. */
export class WatchDesk {
  readonly answers: WatchAnswers;
  /** What is done to processes, with the same eye for whose they are. */
  readonly processAnswers: ProcessAnswers;
  readonly #surroundings: WatchSurroundings;
  readonly #lister: ProcessLister;
  #watches: readonly Watch[] = [];
  #nextId = 1;

  constructor(surroundings: WatchSurroundings) {
    this.#surroundings = surroundings;
    this.#lister = surroundings.lister ?? createProcessLister(() => surroundings.clock.nowMs());
    this.processAnswers = createProcessAnswers(() => this.#list());
    this.answers = {
      'watch:processes': async (question) => succeed(chooseProcesses(await this.#list(), question)),
      'watch:state': () => Promise.resolve(succeed(this.#watches.map((watch) => watch.describe()))),
      'watch:attach': (wish) => this.#attach(wish),
      'watch:start': (wish) => this.#start(wish),
      'watch:stop': async ({ id }) => {
        await this.#watches.find((watch) => watch.id === id)?.stop();
        return succeed(null);
      },
      'watch:forget': ({ id }) => {
        this.#watches = this.#watches.filter((watch) => watch.id !== id || !watch.hasEnded);
        return Promise.resolve(succeed(null));
      },
      'watch:stop-all': async () => {
        await Promise.all(this.#watches.map((watch) => watch.stop()));
        return succeed(null);
      },
    };
  }

  /** A tree that is watched is recorded and summed up like a run: beside one, it would be taken for a part of it. */
  refuseExperiment(): Result<null> {
    const watched = this.#watches.find(({ hasEnded }) => !hasEnded);
    if (watched === undefined) return succeed(null);
    return fail(
      'watching',
      `${watched.subject.name} (${watched.subject.pid}) is being watched, and what it does would be mixed into the measurement.`,
      'Stop watching it in the view Watch.',
    );
  }

  async #list(): Promise<readonly ListedProcess[]> {
    const started = this.#watches.flatMap(({ subject }) => (subject.command === null ? [] : [subject.pid]));
    return markOwn(await this.#lister.list(), this.#surroundings.ownPid, new Set(started));
  }

  async #attach({ pid, startMark }: WatchRequests['watch:attach']['request']): Promise<Result<WatchedTree>> {
    if (this.#surroundings.isBusy()) return busy();
    const found = findWatchable(await this.#list(), { pid, startMark });
    if (!found.ok) return found;
    const { name, commandLine } = found.value;
    return this.#begin({ pid, name, commandLine, command: null, argv: null, note: hiddenFacts(found.value) });
  }

  async #start({ argv, folder }: WatchRequests['watch:start']['request']): Promise<Result<WatchedTree>> {
    if (this.#surroundings.isBusy()) return busy();
    const started = await startWatchedCommand(argv, folder);
    if (!started.ok) return started;
    const command = started.value;
    const [program = ''] = argv;
    return this.#begin({
      pid: command.pid,
      name: program.split(/[/\\]/).at(-1) ?? program,
      commandLine: argv.join(' '),
      command,
      argv,
      note: null,
    });
  }

  async #begin(subject: WatchSubject): Promise<Result<WatchedTree>> {
    const { clock, clockStartedUnixMs, sampler, samplerEveryMs } = this.#surroundings;
    if (this.#watches.some((watch) => watch.subject.pid === subject.pid && !watch.hasEnded)) {
      return fail(
        'watched-already',
        `${subject.name} (${subject.pid}) is being watched already.`,
        'It is in the list of what is watched.',
      );
    }
    const watch = new Watch(this.#nextId, subject, {
      clock,
      sampler,
      samplerEveryMs,
      beganUnixMs: clockStartedUnixMs + clock.nowMs(),
      recording: await this.#record(subject),
      isThere: this.#surroundings.isThere ?? isProcess,
    });
    this.#nextId += 1;
    this.#watches = [watch, ...this.#watches];
    const begun = await watch.begin();
    if (!begun) {
      this.#watches = this.#watches.filter((each) => each !== watch);
      return fail(
        'not-seen',
        `${subject.name} (${subject.pid}) ended before it could be watched.`,
        'Start the command here, below the list: then it is watched from its first instruction.',
      );
    }
    const kept = new Set(this.#watches.filter(({ hasEnded }) => hasEnded).slice(0, mostKept));
    this.#watches = this.#watches.filter((each) => !each.hasEnded || kept.has(each));
    return succeed(watch.describe());
  }

  async #record({ pid, name, argv }: WatchSubject): Promise<AppRecording> {
    const { version, machine, samplerEveryMs, sampler, clock, clockStartedUnixMs, place, onRecordings } =
      this.#surroundings;
    return beginAppRecording(
      {
        corescopeVersion: version,
        title: argv === null ? `${name} (pid ${pid})` : argv.join(' ').slice(0, 200),
        requestedEveryMs: samplerEveryMs,
        machine: await machine,
        ...(argv === null ? {} : { command: argv }),
      },
      {
        sampler: samplerOfTree(sampler, pid),
        clock,
        clockStartedUnixMs,
        place: place(),
        onEvent: onRecordings,
      },
    );
  }
}

function busy(): Failure {
  return fail(
    'busy',
    'Something is being measured, and what is watched would be mixed into it.',
    'Wait until it has ended, or cancel it.',
  );
}
