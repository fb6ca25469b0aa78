import { createLogUpdate } from 'log-update';
import { createSessionClock, type SessionClock } from '../../engine/clock.ts';
import { nameCommand } from '../../engine/export/work-name.ts';
import { checkWritable, writeFileSafely } from '../../engine/export/write-file.ts';
import type { Sampler } from '../../engine/sampler/index.ts';
import { describeMachine } from '../../engine/machine.ts';
import { isProcess } from '../../engine/processes/is-process.ts';
import { createSamplerWorker } from '../../engine/sampler/remote.ts';
import { TreeWatch } from '../../engine/watch/tree-watch.ts';
import { startWatchedCommand, type WatchedCommand } from '../../engine/watch/watched-command.ts';
import { decodeFrame } from '../../shared/frame-codec.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { SamplerMessage } from '../../shared/sample.ts';
import { files } from '../files.ts';
import { listenForInterruption, type Interruption } from '../interruption.ts';
import { exitCodes, isLive, lineWidth, printNote, printProblem, type Terminal } from '../terminal.ts';
import { readRecordOptions, type RecordOptions, type RecordWishes } from '../record-options.ts';
import { beginRecording } from '../recording-session.ts';
import { readNumber } from '../typed-values.ts';
import { aborted, firstOf, timeIsUp, type Ended } from './endings.ts';
import { drawWatch } from './watch-screen.ts';
import { describeReport, reportToJson, watchSchemaId, type WatchReport } from './watch-text.ts';

/** What was typed, word for word. */
export interface WatchOptions extends RecordOptions {
  readonly every: string;
  readonly for?: string | undefined;
  readonly json?: string | undefined;
  readonly quiet?: true | undefined;
}

/** Four times a second is as fast as one reads. */
const redrawEveryMs = 250;
/** So many columns of the heatmap as the widest terminals have. */
const historyLength = 400;
/** How long what is interrupted may take to end by itself. */
const interruptGraceMs = 2_000;
/** A first frame takes about 0.3 s, on a busy machine more. */
const firstFrameLimitMs = 5_000;

interface Wishes {
  readonly everyMs: number;
  readonly forMs: number | null;
  readonly record: RecordWishes;
}

/** Watches a process that runs already, with its tree, until it ends. Answers the exit code. */
export async function attach(
  pidText: string,
  options: WatchOptions,
  terminal: Terminal,
  version: string,
): Promise<number> {
  const wishes = await checkOptions(options);
  if (!wishes.ok) return refuse(terminal, wishes);
  const pid = checkPid(pidText);
  if (!pid.ok) return refuse(terminal, pid);
  const interruption = listenForInterruption();
  const session = await startSession(
    options,
    wishes.value,
    { pid: pid.value, fromStart: false, command: null, version },
    terminal,
  );
  try {
    session.sampler.watch({ pid: pid.value, owner: 'run', allThreads: true });
    if (!(await session.hasBegun())) {
      session.discard();
      return refuse(terminal, notSeen(pid.value));
    }
    if (options.quiet !== true)
      printNote(terminal, `Watching ${pid.value}; Ctrl-C ends the watch, not the process.`);
    const ended = await firstOf([
      session.treeEnded.then((): Ended => ({ why: 'exited', code: null, signal: null })),
      aborted(interruption.signal),
      timeIsUp(wishes.value.forMs),
    ]);
    const report = await session.finish({ version, ended, command: null });
    const exitCode = await deliver(report, options, terminal);
    return ended.why === 'interrupted' ? interruption.exitCode() : exitCode;
  } finally {
    await session.stop();
    interruption.stopListening();
  }
}

/** Runs a command, watches it with its tree from its first instruction, and ends what it leaves behind. */
export async function record(
  command: readonly string[] | null,
  options: WatchOptions,
  terminal: Terminal,
  version: string,
): Promise<number> {
  const wishes = await checkOptions(options);
  if (!wishes.ok) return refuse(terminal, wishes);
  if (command === null || command.length === 0) {
    return refuse(
      terminal,
      fail('no-command', 'No command is given.', 'Write it behind --, like: corescope record -- make -j4'),
    );
  }
  const interruption = listenForInterruption();
  const started = await startWatchedCommand(command);
  if (!started.ok) {
    interruption.stopListening();
    return refuse(terminal, started);
  }
  const watched = started.value;
  const session = await startSession(
    options,
    wishes.value,
    { pid: watched.pid, fromStart: true, command, version },
    terminal,
  );
  try {
    const { pid, cgroupCpuFile } = watched;
    session.sampler.watch({
      pid,
      owner: 'run',
      allThreads: true,
      ...(cgroupCpuFile === null ? {} : { cgroupCpuFile }),
    });
    session.forward(watched.stdout, { isSearched: true });
    session.forward(watched.stderr, { isSearched: false });
    // Seen before it begins, so that nothing of it is missed.
    await session.hasBegun();
    session.begin();
    watched.begin();
    const ended = await endOf(watched, interruption, wishes.value.forMs);
    await session.frameAfterNow();
    const endedMs = session.clock.nowMs();
    const { cgroupCpuSeconds } = await watched.clear();
    const report = await session.finish({ version, ended, command, cgroupCpuSeconds, endedMs });
    const exitCode = await deliver(report, options, terminal);
    if (ended.why === 'interrupted') return interruption.exitCode();
    return ended.why === 'exited' && ended.code !== 0 ? exitCodes.failedRun : exitCode;
  } finally {
    await watched.clear();
    await session.stop();
    interruption.stopListening();
  }
}

/** Interrupted, or when its time is up, it gets the signal that Ctrl-C would have been, and some time to obey. */
async function endOf(
  watched: WatchedCommand,
  interruption: Interruption,
  forMs: number | null,
): Promise<Ended> {
  const exited = watched.ended.then(({ code, signal }): Ended => ({ why: 'exited', code, signal }));
  const first = await firstOf([exited, aborted(interruption.signal), timeIsUp(forMs)]);
  if (first.why === 'exited') return first;
  watched.interrupt();
  const after = await firstOf([exited, timeIsUp(interruptGraceMs)]);
  return { ...first, code: after.code, signal: after.signal };
}

interface Session {
  readonly clock: SessionClock;
  readonly sampler: Sampler;
  readonly treeEnded: Promise<void>;
  /** False where the tree did not show itself. */
  hasBegun(): Promise<boolean>;
  /** From now on it counts. */
  begin(): void;
  /** What is searched is searched for markers. */
  forward(stream: NodeJS.ReadableStream, how: { readonly isSearched: boolean }): void;
  frameAfterNow(): Promise<void>;
  finish(what: {
    readonly version: string;
    readonly ended: Ended;
    readonly command: readonly string[] | null;
    readonly cgroupCpuSeconds?: number | null;
    readonly endedMs?: number;
  }): Promise<WatchReport>;
  /** No recording is to be left of it. */
  discard(): void;
  stop(): Promise<void>;
}

interface Subject {
  readonly pid: number;
  readonly fromStart: boolean;
  /** Null for what ran already. */
  readonly command: readonly string[] | null;
  readonly version: string;
}

async function startSession(
  options: WatchOptions,
  { everyMs, record: recordWishes }: Wishes,
  { pid, fromStart, command, version }: Subject,
  terminal: Terminal,
): Promise<Session> {
  const machine = await describeMachine();
  const clock = createSessionClock();
  const sampler = createSamplerWorker({
    workerFile: files.samplerWorker,
    clockOrigin: { originNs: clock.originNs, startedUnixMs: clock.startedUnixMs },
    everyMs,
    holdMs: redrawEveryMs,
  });
  const watch = new TreeWatch({ rootPid: pid, fromStart });
  const live = options.quiet !== true && isLive(terminal.err) ? createLogUpdate(terminal.err) : null;
  const history: Float64Array[] = [];
  let beganMs = clock.nowMs();
  let onFrame: () => void = () => undefined;
  let onTreeEnd: () => void = () => undefined;
  const treeEnded = new Promise<void>((resolve) => {
    onTreeEnd = resolve;
  });

  function receive(message: SamplerMessage): void {
    watch.receive(message);
    if (watch.hasEnded) onTreeEnd();
    if (message.type !== 'frame') return;
    if (live !== null) {
      history.push(decodeFrame(message.buffer).coreBusy.slice());
      if (history.length > historyLength) history.shift();
    }
    onFrame();
  }

  function draw(): void {
    const view = watch.view();
    if (live === null || view === null) return;
    const screen = {
      width: lineWidth(terminal.err),
      height: terminal.err.rows,
      elapsedMs: clock.nowMs() - beganMs,
    };
    live(drawWatch(view, history, screen, terminal.errColours));
  }

  const recording = beginRecording(
    recordWishes,
    {
      corescopeVersion: version,
      title: command === null ? `pid ${pid}` : nameCommand(command),
      startedUnixMs: clock.startedUnixMs,
      requestedEveryMs: everyMs,
      machine,
      ...(command === null ? {} : { command }),
    },
    { sampler, clock },
    terminal,
  );
  const unsubscribe = sampler.subscribe(receive);
  const timer = live === null ? null : setInterval(draw, redrawEveryMs);
  let stopped: Promise<void> | null = null;

  /** Until `condition` holds at a frame; false where it does not within the limit. */
  function frameWith(condition: () => boolean, limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (met: boolean): void => {
        clearTimeout(limit);
        onFrame = () => undefined;
        resolve(met);
      };
      const limit = setTimeout(() => settle(false), limitMs);
      onFrame = () => {
        if (condition()) settle(true);
      };
    });
  }

  function stop(): Promise<void> {
    stopped ??= (async () => {
      if (timer !== null) clearInterval(timer);
      live?.clear();
      live?.done();
      unsubscribe();
      recording.end(options.quiet === true);
      await sampler.stop();
    })();
    return stopped;
  }

  return {
    clock,
    sampler,
    treeEnded,
    async hasBegun() {
      const isSeen = (): boolean => (watch.view()?.rows.length ?? 0) > 0;
      // What has gone already will not be seen any more.
      await frameWith(() => isSeen() || watch.hasEnded || !isProcess(pid), firstFrameLimitMs);
      return isSeen();
    },
    begin: () => {
      beganMs = clock.nowMs();
    },
    forward(stream, { isSearched }) {
      const decoder = new TextDecoder();
      stream.on('data', (chunk: Buffer) => {
        if (isSearched) recording.addOutput(decoder.decode(chunk, { stream: true }), clock.nowMs());
        if (options.quiet === true) return;
        live?.clear();
        terminal.err.write(chunk);
      });
    },
    async frameAfterNow() {
      const nowMs = clock.nowMs();
      await frameWith(() => (watch.view()?.atMs ?? 0) >= nowMs || watch.hasEnded, 3 * everyMs);
    },
    async finish({ version, ended, command, cgroupCpuSeconds = null, endedMs = clock.nowMs() }) {
      await stop();
      return {
        schema: watchSchemaId,
        corescopeVersion: version,
        watched: { pid, command },
        startedAt: new Date(clock.startedUnixMs + beganMs).toISOString(),
        ended,
        summary: watch.summary(beganMs, endedMs, cgroupCpuSeconds),
      };
    },
    discard: () => recording.discard(),
    stop,
  };
}

async function deliver(report: WatchReport, options: WatchOptions, terminal: Terminal): Promise<number> {
  if (options.json === '-') {
    terminal.out.write(reportToJson(report));
    return exitCodes.success;
  }
  terminal.out.write(describeReport(report, terminal.outColours));
  if (options.json === undefined) return exitCodes.success;
  const written = await writeFileSafely(options.json, reportToJson(report));
  if (!written.ok) return refuse(terminal, written);
  if (options.quiet !== true) printNote(terminal, `Wrote ${options.json}`);
  return exitCodes.success;
}

async function checkOptions(options: WatchOptions): Promise<Result<Wishes>> {
  const everyMs = readNumber(options.every);
  if (typeof everyMs !== 'number' || everyMs < 10 || everyMs > 60_000) {
    return fail(
      'invalid-interval',
      `--every is ${options.every}, but must be 10 to 60000 milliseconds.`,
      'Leave it out for ten samples a second; the kernel counts CPU time in steps of 1 to 10 ms.',
    );
  }
  const seconds = readNumber(options.for);
  if (seconds !== undefined && (typeof seconds !== 'number' || seconds <= 0 || seconds > 86_400)) {
    return fail(
      'invalid-time',
      `--for is ${options.for ?? ''}, but must be more than 0 and at most 86400 seconds.`,
      'Leave it out to watch until the end.',
    );
  }
  if (options.json !== undefined && options.json !== '-') {
    const writable = await checkWritable(options.json);
    if (!writable.ok) return writable;
  }
  const record = await readRecordOptions(options);
  if (!record.ok) return record;
  return succeed({ everyMs, record: record.value, forMs: seconds === undefined ? null : seconds * 1000 });
}

function checkPid(text: string): Result<number> {
  const pid = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(pid) || pid === 0) {
    return fail('invalid-pid', `"${text}" is not a process id.`, 'Give its number, as ps or pgrep tells it.');
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and belongs to somebody else.
    if (error instanceof Error && 'code' in error && error.code === 'EPERM') return succeed(pid);
    return fail(
      'no-process',
      `There is no process ${pid}.`,
      'Give the number of one that runs, as ps tells it.',
    );
  }
  return succeed(pid);
}

function notSeen(pid: number): Result<never> {
  return fail(
    'not-seen',
    `Process ${pid} ended before it could be watched, or may not be looked at.`,
    'See with: corescope doctor, what can be read here.',
  );
}

function refuse(
  terminal: Terminal,
  failure: Extract<Result<unknown>, { ok: false }> | Result<never>,
): number {
  if (failure.ok) throw new Error('only a problem can be refused');
  printProblem(terminal, failure.problem);
  return exitCodes.badInput;
}
