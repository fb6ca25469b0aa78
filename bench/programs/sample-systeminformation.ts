import os from 'node:os';
import systeminformation from 'systeminformation';
import { monotonicMs } from '../support/monotonic.ts';
import { parseSamplingTask, type Reading, type SamplingReport } from '../support/reading.ts';
import { sampleUntilTerminated } from '../support/sampling-loop.ts';

/**
 * systeminformation's processes() and currentLoad(), at the rate they can hold. Both keep their last answer for a
 * while (500 and 200 ms). A repeated answer is a reading, for that is what a caller gets, but no new sample.
 */

const warmUpCalls = 2;
const coreCount = os.cpus().length;

const { rootPid, everyMs, core } = parseSamplingTask(process.argv.slice(2));
const readings: Reading[] = [];
let samples = 0;
let lastList: unknown = null;
let lastProcessMs = Number.NaN;
let lastCoreMs = Number.NaN;

for (let call = 0; call < warmUpCalls; call += 1) {
  await systeminformation.processes();
  await systeminformation.currentLoad();
}
console.log('ready');
await sampleUntilTerminated(everyMs, async () => {
  const startMs = monotonicMs();
  const { list } = await systeminformation.processes();
  const betweenMs = monotonicMs();
  const load = await systeminformation.currentLoad();
  if (list !== lastList) samples += 1;
  lastList = list;
  if (core === null) return;
  const processMs = (startMs + betweenMs) / 2;
  // Its percentages are of the whole machine.
  const percent = list.find((process) => process.pid === rootPid)?.cpu ?? Number.NaN;
  readings.push({
    what: 'process',
    fromMs: lastProcessMs,
    toMs: processMs,
    share: (percent / 100) * coreCount,
  });
  const coreMs = (betweenMs + monotonicMs()) / 2;
  const coreShare = (load.cpus[core]?.load ?? Number.NaN) / 100;
  readings.push({ what: 'core', fromMs: lastCoreMs, toMs: coreMs, share: coreShare });
  lastProcessMs = processMs;
  lastCoreMs = coreMs;
});
console.log(JSON.stringify({ samples, readings } satisfies SamplingReport));
