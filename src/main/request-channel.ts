import type { Failure, Result } from '../shared/result.ts';

export interface RequestMessage {
  readonly type: 'request';
  readonly id: number;
  readonly name: string;
  readonly payload: unknown;
}

/** Requests to one utility process and what it answers. Once the process has ended every request fails. */
export class RequestChannel {
  readonly #send: (message: RequestMessage) => void;
  readonly #ended: () => Failure;
  readonly #waiting = new Map<number, (result: Result<unknown>) => void>();
  #nextId = 1;
  #hasEnded = false;

  /** `ended` says what those hear who wait when the process ends, or ask later. */
  constructor(send: (message: RequestMessage) => void, ended: () => Failure) {
    this.#send = send;
    this.#ended = ended;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  ask(name: string, payload: unknown): Promise<Result<unknown>> {
    if (this.#hasEnded) return Promise.resolve(this.#ended());
    // Never used again, so that no late answer is taken for another's.
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#send({ type: 'request', id, name, payload });
    });
  }

  receive({ id, result }: { readonly id: number; readonly result: Result<unknown> }): void {
    this.#waiting.get(id)?.(result);
    this.#waiting.delete(id);
  }

  end(): void {
    this.#hasEnded = true;
    for (const resolve of this.#waiting.values()) resolve(this.#ended());
    this.#waiting.clear();
  }
}
