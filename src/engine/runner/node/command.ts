import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { WorkTarget } from '../../../shared/workload.ts';
import { lostResult, type RunPlan } from '../protocol.ts';
import { fillIn } from '../task-words.ts';
import { describeEnd, endChildren, endOnTerminate } from './child-workers.ts';
import type { Collector } from './collector.ts';
import { WorkerFailure } from './failure.ts';
import { lastWordsOf } from './last-words.ts';
import { createOutlet } from './outlet.ts';
import { createTaskQueue } from './task-queue.ts';
import type { Strategy, StrategyInput } from './strategy.ts';

type Command = Extract<WorkTarget, { kind: 'command' }>;

/**
 * Runs a program once per task: in turn (`serial`) or `workers` at a time (`copies`). A task's result is its exit
 * code and a digest of what it wrote to stdout. What it writes is passed on, so that it is seen.
 */
export const strategy: Strategy = {
  channel: 'json',
  prepare(input) {
    const { target } = input.plan;
    if (target?.kind !== 'command') throw new Error('there is no command to run');
    const children: ChildProcess[] = [];
    endOnTerminate(children);
    return Promise.resolve(async () => {
      try {
        await runCommands(input, target, children);
      } catch (error) {
        await endChildren(children);
        throw error;
      }
    });
  },
};

async function runCommands(
  { plan, collector }: StrategyInput,
  command: Command,
  children: ChildProcess[],
): Promise<void> {
  const queue = createTaskQueue(plan.tasks);
  const outlets = { stdout: createOutlet(process.stdout), stderr: createOutlet(process.stderr) };
  async function runLane(index: number): Promise<void> {
    for (let task = queue.take(); task !== null; task = queue.take()) {
      const result = await runCommand({ command, task, index, plan, collector, children, outlets });
      if (result !== lostResult) {
        collector.finished(task, index, String(process.hrtime.bigint()), result);
      }
    }
  }
  const lanes = plan.strategy === 'serial' ? 1 : plan.workers;
  await Promise.all(Array.from({ length: lanes }, (_, index) => runLane(index)));
}

/** Longer lines are seen in the output; a message names how it ended. */
const shownCharacters = 200;

function runCommand(run: {
  readonly command: Command;
  readonly task: number;
  readonly index: number;
  readonly plan: RunPlan;
  readonly collector: Collector;
  readonly children: ChildProcess[];
  readonly outlets: Readonly<Record<'stdout' | 'stderr', ReturnType<typeof createOutlet>>>;
}): Promise<string> {
  const { command, task, index, plan, collector, children, outlets } = run;
  const [program = '', ...args] = command.argv.map((argument) => fillIn(argument, task, plan));
  const stdinFile = command.stdinFile === null ? null : fillIn(command.stdinFile, task, plan);
  const digest = createHash('sha256');
  let lastWords = '';
  return new Promise((resolve, reject) => {
    const child = startProgram(program, args, { ...command, stdinFile });
    children.push(child);
    child.once('error', (error) => {
      reject(new WorkerFailure(index, `${program} could not be started: ${error.message}`));
    });
    if (child.pid === undefined) return;
    const { pid } = child;
    collector.accept({
      type: 'ready',
      ns: String(process.hrtime.bigint()),
      worker: { index, name: `command ${task + 1}`, pid, tid: pid, kind: 'command' },
      firstTask: task,
    });
    listen(child.stdout, outlets.stdout, (chunk) => digest.update(chunk));
    listen(child.stderr, outlets.stderr, (chunk) => {
      lastWords = (lastWords + chunk.toString()).slice(-4 * shownCharacters);
    });
    // `close` comes when the program has ended and all that it wrote has been read.
    child.once('close', (code, signal) => {
      collector.processExited({ index, pid, code, signal, cpuSeconds: null, maxRssBytes: null });
      if (code === 0) resolve(`exit 0\n${digest.digest('hex')}`);
      else if (plan.onWorkerFailure === 'observe') resolve(lostResult);
      else reject(new WorkerFailure(index, describeCommandEnd(program, task, { code, signal }, lastWords)));
    });
  });
}

function startProgram(program: string, args: readonly string[], command: Command): ChildProcess {
  const { cwd, stdinFile, environment } = command;
  // Electron's own binary is a Node by this variable: a command that starts one means the real one.
  const inherited = { ...process.env };
  delete inherited['ELECTRON_RUN_AS_NODE'];
  const stdin = stdinFile === null ? null : openSync(stdinFile, 'r');
  try {
    return spawn(program, args, {
      stdio: [stdin ?? 'ignore', 'pipe', 'pipe'],
      env: { ...inherited, ...environment },
      windowsHide: true,
      ...(cwd === null ? {} : { cwd }),
    });
  } finally {
    if (stdin !== null) closeSync(stdin);
  }
}

function describeCommandEnd(
  program: string,
  task: number,
  end: { readonly code: number | null; readonly signal: NodeJS.Signals | null },
  lastWords: string,
): string {
  const words = lastWordsOf(lastWords);
  const said = words === null ? '' : `; its last word: ${words.slice(-shownCharacters)}`;
  return `task ${task}: ${program} ended with ${describeEnd(end)}${said}`;
}

function listen(
  stream: Readable | null,
  passOn: (source: Readable) => void,
  onChunk: (chunk: Buffer) => void,
): void {
  if (stream === null) return;
  stream.on('data', onChunk);
  passOn(stream);
}
