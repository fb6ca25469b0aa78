import pidusage from 'pidusage';
import { listTree } from '../support/cpu-cost.ts';
import { monotonicMs } from '../support/monotonic.ts';
import { parseSamplingTask, type Reading, type SamplingReport } from '../support/reading.ts';
import { sampleUntilTerminated } from '../support/sampling-loop.ts';

/**
 * pidusage on the processes of a tree. They are found once, before the measuring: it looks for none itself, and
 * reads no cores.
 */

/** As many samples as ours takes before it is measured. */
const warmUpCalls = 300;

const { rootPid, everyMs, core } = parseSamplingTask(process.argv.slice(2));
const pids = listTree(rootPid);
const readings: Reading[] = [];
let samples = 0;
let lastMs = Number.NaN;

for (let call = 0; call < warmUpCalls; call += 1) await pidusage(pids);
console.log('ready');
await sampleUntilTerminated(everyMs, async () => {
  const startMs = monotonicMs();
  const uses = await pidusage(pids);
  samples += 1;
  if (core === null) return;
  const toMs = (startMs + monotonicMs()) / 2;
  const share = (uses[String(rootPid)]?.cpu ?? Number.NaN) / 100;
  readings.push({ what: 'process', fromMs: lastMs, toMs, share });
  lastMs = toMs;
});
console.log(JSON.stringify({ samples, readings } satisfies SamplingReport));
