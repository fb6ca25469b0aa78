import { fileURLToPath } from 'node:url';

/** A worker has failed, and with it the run. */
export class WorkerFailure extends Error {
  readonly worker: number;

  constructor(worker: number, message: string) {
    super(message);
    this.worker = worker;
  }
}

/** `TypeError: no such thing`; the message alone where the name says nothing. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** A mistake in the user's own work, in words for them; `cause` is what their code threw, where it threw. */
export class WorkError extends Error {}

/**
 * Writes an error to stderr, for whoever reads what the work wrote. The words of a `WorkError` and of a worker's failure
 * reach them as the reason of the run's end, so all that is shown of these is where in their own code it was thrown.
 */
export function showError(error: unknown): void {
  if (error instanceof WorkerFailure) return;
  if (!(error instanceof WorkError)) {
    console.error(error);
    return;
  }
  const stack = userStack(error.cause);
  if (stack !== null) console.error(stack);
}

/** The hosts lie in one folder, of which the user knows nothing; modules are named by their URL, others by their path. */
const hostUrl = new URL('.', import.meta.url);
const hostFolders = [hostUrl.href, fileURLToPath(hostUrl)];

/** The stack without the frames of the host and of Node; null where the user's code has none. */
function userStack(error: unknown): string | null {
  if (!(error instanceof Error) || error.stack === undefined) return null;
  const lines = error.stack.split('\n');
  const isFrame = (line: string): boolean => /^\s+at /.test(line);
  const shown = lines.filter(
    (line) => !isFrame(line) || ![...hostFolders, 'node:'].some((part) => line.includes(part)),
  );
  return shown.some(isFrame) ? shown.join('\n') : null;
}
