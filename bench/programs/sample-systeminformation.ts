import os from 'node:os';
import systeminformation from 'systeminformation';
import { monotonicMs } from '../support/monotonic.ts';
import { parseSamplingTask, type Reading, type SamplingReport } from '../support/reading.ts';
import { sampleUntilTerminated } from '../support/sampling-loop.ts';

/**
 * systeminformation's processes() and currentLoad(), at the rate they can hold. Both give their last answer again for
 * a while (500 and 200 ms): that is neither a sample nor a reading. The next new answer speaks of the whole time.
 */

const warmUpCalls = 2;
const coreCount = os.cpus().length;

const { rootPid, everyMs, core } = parseSamplingTask(process.argv.slice(2));
const readings: Reading[] = [];
let samples = 0;
let lastList: unknown = null;
let lastLoadMark = Number.NaN;
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
  const endMs = monotonicMs();
  const isNewList = list !== lastList;
  lastList = list;
  if (isNewList) samples += 1;
  if (core === null) return;
  if (isNewList) {
    const toMs = (startMs + betweenMs) / 2;
    // Its percentages are of the whole machine.
    const percent = list.find((process) => process.pid === rootPid)?.cpu ?? Number.NaN;
    readings.push({ what: 'process', fromMs: lastProcessMs, toMs, share: (percent / 100) * coreCount });
    lastProcessMs = toMs;
  }
  // Idle and busy time since boot: unchanged in an answer that is given again.
  const loadMark = load.rawCurrentLoad + load.rawCurrentLoadIdle;
  if (loadMark !== lastLoadMark) {
    const toMs = (betweenMs + endMs) / 2;
    readings.push({
      what: 'core',
      fromMs: lastCoreMs,
      toMs,
      share: (load.cpus[core]?.load ?? Number.NaN) / 100,
    });
    lastCoreMs = toMs;
    lastLoadMark = loadMark;
  }
});
console.log(JSON.stringify({ samples, readings } satisfies SamplingReport));
