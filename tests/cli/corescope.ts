import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, onTestFinished } from 'vitest';

/** Runs the built command line, as a user would. */

export const projectRoot = path.resolve(import.meta.dirname, '../..');
const binary = path.join(projectRoot, 'out/node/cli.js');

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where the recordings of a test file go: never among those of whoever runs it. */
export const recordingsFolder = mkdtempSync(path.join(tmpdir(), 'corescope-cli-recordings-'));
afterAll(() => rmSync(recordingsFolder, { recursive: true, force: true }));

/** The caller's wishes about colour and about Python must not decide what these tests see. */
function plainEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const dropped = [
    'CI',
    'NO_COLOR',
    'FORCE_COLOR',
    'CORESCOPE_PYTHON',
    'NODE_OPTIONS',
    'TERM',
    'CORESCOPE_RECORDINGS_BUDGET',
  ];
  const kept = Object.entries(process.env).filter(([name]) => !dropped.includes(name));
  return {
    ...Object.fromEntries(kept),
    TERM: 'xterm-256color',
    CORESCOPE_RECORDINGS: recordingsFolder,
    ...extra,
  };
}

/** Starts `corescope` and leaves it running; the test ends it. */
export function startCorescope(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ended>; readonly stderr: () => string } {
  return start(process.execPath, [binary, ...args], options);
}

/** Runs `corescope` to its end, its output in pipes. */
export function corescope(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  return startCorescope(args, options).ended;
}

/**
 * Runs `corescope` on a terminal of 100 columns: util-linux's `script` lends it one. All output is in `stdout`. What is
 * `typed` waits until it is read.
 */
export function corescopeOnTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  typed: string | null = null,
): Promise<Ended> {
  const words = [process.execPath, binary, ...args].map((word) => `'${word}'`).join(' ');
  return start('script', ['-qefc', `stty cols 100 rows 30; ${words}`, '/dev/null'], { env, typed }).ended;
}

function start(
  program: string,
  args: readonly string[],
  {
    cwd,
    env = {},
    typed = null,
  }: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly typed?: string | null;
  },
): ReturnType<typeof startCorescope> {
  const child = spawn(program, args, {
    cwd: cwd ?? projectRoot,
    env: plainEnvironment(env),
    stdio: [typed === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  if (typed !== null) child.stdin?.write(typed);
  if (child.stdout === null || child.stderr === null) throw new Error('pipes were asked for');
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  return { child, ended, stderr: () => stderr };
}

export async function waitUntil(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen within 20 s`);
    await delay(50);
  }
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'corescope-cli-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Smallest comparison that is still one: about two seconds. */
export const tiny = ['--param', 'n=20000', '--quick', '--warmup', '0', '--workers', '2', '--seed', '1'];
