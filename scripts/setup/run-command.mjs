import { spawn } from 'node:child_process';

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {boolean} [shell] only for a command whose words are all constants
 * @property {AbortSignal} [signal] ends the command when aborted
 * @property {boolean} [untilItsEnd] waits for the command where this script is interrupted, see {@link outlive}
 */

/**
 * @typedef {object} CommandResult
 * @property {number} code the exit code; 128 + signal number when a signal ended it; 127 when it could not be started
 * @property {string} output standard output and standard error, as they came
 */

const codeNotStarted = 127;
/** @type {Readonly<Record<string, number>>} */
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

/**
 * The exit code a shell would report.
 *
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
export function shellExitCode(code, signal) {
  if (code !== null) return code;
  return 128 + (signalNumbers[signal ?? ''] ?? 0);
}

/** @param {number} code as {@link shellExitCode} gives it: did the user (Ctrl-C) or a supervisor ask it to stop? */
export function wasInterrupted(code) {
  return code === 130 || code === 143;
}

/**
 * Runs a command whose output matters only when it fails. Never rejects: a command that cannot be started is a
 * result with code 127 and the reason as its output.
 *
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {CommandOptions} [options]
 * @returns {Promise<CommandResult>}
 */
export function runQuietly(command, parameters, { untilItsEnd = false, ...options } = {}) {
  return new Promise((resolveResult) => {
    const child = spawn(command, parameters, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const stopOutliving = untilItsEnd ? outlive(child) : () => undefined;
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (/** @type {string} */ chunk) => (output += chunk));
    }
    /** @param {CommandResult} result */
    function finish(result) {
      stopOutliving();
      resolveResult(result);
    }
    child.on('error', (error) => finish({ code: codeNotStarted, output: output + error.message }));
    child.on('close', (code, signal) => finish({ code: shellExitCode(code, signal), output }));
  });
}

/**
 * Keeps this script alive until a child has ended. Ctrl-C reaches the child by itself (one process group), so here it is
 * only kept from ending this script first; a SIGTERM reaches this process alone and is handed on.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} ends it
 */
function outlive(child) {
  const ignore = () => undefined;
  const handOn = () => void child.kill('SIGTERM');
  process.on('SIGINT', ignore);
  process.on('SIGTERM', handOn);
  return () => {
    process.off('SIGINT', ignore);
    process.off('SIGTERM', handOn);
  };
}

/**
 * Runs a command on this terminal and gives its exit code, also where this script is interrupted meanwhile.
 *
 * @param {string} command
 * @param {readonly string[]} parameters
 * @param {CommandOptions} [options]
 * @returns {Promise<number>}
 */
export function runVisibly(command, parameters, options = {}) {
  return new Promise((resolveCode) => {
    const child = spawn(command, parameters, { ...options, stdio: 'inherit' });
    const stopOutliving = outlive(child);
    /** @param {number} code */
    function finish(code) {
      stopOutliving();
      resolveCode(code);
    }
    child.on('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      finish(codeNotStarted);
    });
    child.on('close', (code, signal) => finish(shellExitCode(code, signal)));
  });
}

/**
 * The end of a failed command's output, for an error message.
 *
 * @param {string} output
 * @param {number} lineCount
 */
export function lastLines(output, lineCount = 15) {
  return output.trimEnd().split('\n').slice(-lineCount).join('\n');
}
