import type { SessionClock } from '../../engine/clock.ts';
import { createOutputTail } from '../../engine/runner/output-tail.ts';
import { toSafeText } from '../../engine/runner/safe-text.ts';
import type { Sampler } from '../../engine/sampler/index.ts';
import { TreeWatch } from '../../engine/watch/tree-watch.ts';
import type { WatchedCommand } from '../../engine/watch/watched-command.ts';
import type { Milliseconds, SessionMs, UnixMs } from '../../shared/units.ts';
import type { WatchedTree, WatchEnd } from '../../shared/watch-requests.ts';
import type { AppRecording } from '../app-recordings.ts';

/** Whom a watch is about. */
export interface WatchSubject {
  readonly pid: number;
  readonly name: string;
  readonly commandLine: string;
  /** What was started for it, which stands at its first instruction; null for what ran before. */
  readonly command: WatchedCommand | null;
  readonly argv: readonly string[] | null;
  readonly note: string | null;
}

export interface WatchTools {
  readonly clock: Pick<SessionClock, 'nowMs'>;
  readonly sampler: Pick<Sampler, 'watch' | 'unwatch' | 'subscribe'>;
  readonly samplerEveryMs: Milliseconds;
  readonly beganUnixMs: UnixMs;
  readonly recording: AppRecording;
  /** Whether a process bears that number now. */
  readonly isThere: (pid: number) => boolean;
}

/** A first frame takes about 0.3 s, on a busy machine more. */
const firstFrameLimitMs = 5_000;
/** How long a command that is interrupted may take to end by itself. */
const interruptGraceMs = 2_000;
const outputBytes = 16_384;

/** One tree, from the first look at it to its end. */
export class Watch {
  readonly id: number;
  readonly subject: WatchSubject;
  readonly #tools: WatchTools;
  readonly #tree: TreeWatch;
  readonly #output = createOutputTail(outputBytes);
  #unsubscribe = (): void => undefined;
  #onFrame = (): void => undefined;
  #beganMs: SessionMs;
  #end: (WatchEnd & { readonly atMs: SessionMs }) | null = null;
  #cgroupCpuSeconds: number | null = null;
  #ending: Promise<void> | null = null;
  #isStopping = false;
  #isSeen = false;

  constructor(id: number, subject: WatchSubject, tools: WatchTools) {
    this.id = id;
    this.subject = subject;
    this.#tools = tools;
    this.#beganMs = tools.clock.nowMs();
    this.#tree = new TreeWatch({ rootPid: subject.pid, fromStart: subject.command !== null });
  }

  get hasEnded(): boolean {
    return this.#end !== null;
  }

  /** False where it was not seen: then nothing is left of the watch, nor of a command, nor of its recording. */
  async begin(): Promise<boolean> {
    const { sampler, clock, isThere } = this.#tools;
    const { pid, command } = this.subject;
    this.#unsubscribe = sampler.subscribe((message) => {
      this.#tree.receive(message);
      if (message.type === 'frame') this.#onFrame();
      // Of a command its own exit is told, with how it ended.
      if (this.#isSeen && this.#tree.hasEnded && command === null) {
        void this.#finish({ why: 'exited', code: null, signal: null });
      }
    });
    const cgroupCpuFile = command?.cgroupCpuFile ?? null;
    sampler.watch({
      pid,
      owner: 'run',
      allThreads: true,
      ...(cgroupCpuFile === null ? {} : { cgroupCpuFile }),
    });
    const hasRows = (): boolean => (this.#tree.view()?.rows.length ?? 0) > 0;
    await this.#frameWith(() => hasRows() || this.#tree.hasEnded || !isThere(pid), firstFrameLimitMs);
    this.#isSeen = hasRows();
    if (!this.#isSeen) {
      await this.#finish({ why: 'stopped', code: null, signal: null });
      return false;
    }
    if (command !== null) {
      for (const stream of [command.stdout, command.stderr]) {
        stream.on('data', (chunk: Buffer) => this.#output.push(chunk));
      }
      const decoder = new TextDecoder();
      command.stdout.on('data', (chunk: Buffer) => {
        this.#tools.recording.addOutput(decoder.decode(chunk, { stream: true }));
      });
      this.#beganMs = clock.nowMs();
      void command.ended.then(({ code, signal }) => this.#finish({ why: 'exited', code, signal }));
      command.begin();
    }
    return true;
  }

  /** Answers when nothing of it is left: a process that ran before runs on, a command is ended. */
  async stop(): Promise<void> {
    if (this.#end !== null) return;
    this.#isStopping = true;
    const { command } = this.subject;
    if (command === null) return this.#finish({ why: 'stopped', code: null, signal: null });
    command.interrupt();
    const ended = await Promise.race([command.ended, waitMs(interruptGraceMs)]);
    return this.#finish({ why: 'stopped', code: ended?.code ?? null, signal: ended?.signal ?? null });
  }

  describe(): WatchedTree {
    const { pid, name, commandLine, command, note } = this.subject;
    const { recording, beganUnixMs, clock } = this.#tools;
    const end = this.#end;
    return {
      id: this.id,
      pid,
      name,
      commandLine,
      isCommand: command !== null,
      beganUnixMs,
      end: end === null ? null : { why: end.why, code: end.code, signal: end.signal },
      figures: this.#tree.summary(this.#beganMs, end?.atMs ?? clock.nowMs(), this.#cgroupCpuSeconds),
      note,
      recordingPath: recording.path,
      output: toSafeText(this.#output.text()),
    };
  }

  /** The first end counts; a command that is stopped exits too. */
  #finish(end: WatchEnd): Promise<void> {
    this.#ending ??= this.#finishOnce(end);
    return this.#ending;
  }

  async #finishOnce(end: WatchEnd): Promise<void> {
    const { clock, sampler, samplerEveryMs, recording } = this.#tools;
    const { pid, command } = this.subject;
    const endedMs = clock.nowMs();
    // What it did last is in the frame after it.
    if (end.why === 'exited') {
      await this.#frameWith(
        () => this.#tree.hasEnded || (this.#tree.view()?.atMs ?? 0) >= endedMs,
        3 * samplerEveryMs,
      );
    }
    this.#cgroupCpuSeconds = (await command?.clear())?.cgroupCpuSeconds ?? null;
    this.#unsubscribe();
    sampler.unwatch(pid);
    if (this.#isSeen) recording.end();
    else recording.discard();
    // A command that is stopped exits.
    this.#end = { ...end, why: this.#isStopping ? 'stopped' : end.why, atMs: endedMs };
  }

  /** Until `condition` holds at a frame; false where it does not within the limit. */
  #frameWith(condition: () => boolean, limitMs: Milliseconds): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isMet: boolean): void => {
        clearTimeout(limit);
        this.#onFrame = () => undefined;
        resolve(isMet);
      };
      const limit = setTimeout(() => settle(false), limitMs);
      this.#onFrame = () => {
        if (condition()) settle(true);
      };
    });
  }
}

function waitMs(lengthMs: Milliseconds): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), lengthMs);
  });
}
