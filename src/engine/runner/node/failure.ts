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
