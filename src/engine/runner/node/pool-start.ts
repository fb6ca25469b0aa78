import { isWorkerStart, type WorkerStart } from './worker-start.ts';

/** The name of the channel on which the threads of a pool tell what happens. */
export const poolChannelName = 'corescope-pool';

/** What all threads of a pool begin with. */
export interface PoolStart extends WorkerStart {
  /** One shared number: each thread takes it and leaves the next. */
  readonly nextIndex: Int32Array;
}

export function isPoolStart(value: unknown): value is PoolStart {
  return isWorkerStart(value) && 'nextIndex' in value && value.nextIndex instanceof Int32Array;
}
