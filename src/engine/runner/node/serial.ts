import { doShare } from './share.ts';
import { type Strategy } from './strategy.ts';

/** All tasks, one after the other, on the host's main thread: what the others are compared with. */
export const runSerial: Strategy = async ({ plan, collector }) => {
  await doShare({ ...plan, workers: 1 }, 0, collector.accept);
};
