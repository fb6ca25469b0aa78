import { formatCores } from '../../../shared/format.ts';
import { intervalWords, ratioDigits } from '../wording.ts';
import type { Evidence } from './evidence.ts';

export type RuleName =
  | 'throttled'
  | 'memory'
  | 'start-up'
  | 'messages'
  | 'gil'
  | 'oversubscribed'
  | 'straggler'
  | 'waiting'
  | 'lock'
  | 'cores';

export type Outcome =
  | { readonly state: 'holds'; readonly because: string; readonly evidence: readonly string[] }
  | { readonly state: 'fails' }
  | { readonly state: 'unknown'; readonly missing: string };

export interface Rule {
  readonly name: RuleName;
  readonly judge: (evidence: Evidence) => Outcome;
}

/** Share of the workers' time; lower calls the odd slice at the end of a period throttling. */
const muchThrottling = 0.1;
/** Share of the wall time from which on the one thing is the larger part. */
const largerPart = 0.5;
/** The same, where without start-up the workers would be as fast as cores allow: less is not worth naming. */
const noticeableStartup = 0.15;
/** Share of the wall time; lower blames messages that a better encoding would not make noticeable. */
const manyMessages = 0.3;
/** Share of the workers' time that they stood in line for a core. */
const muchQueueing = 0.2;
/** More cores than this are more than one: lower takes a garbage collection thread for parallel work. */
const moreThanOneCore = 1.25;
/** Threads that keep fewer cores busy were not stopped by an interpreter's lock alone. */
const aboutOneCore = 0.5;
/** Serial that keeps fewer cores busy mostly waits. */
const mostlyWaiting = 0.35;
/** The same, whether or not it also stood in line: a share this small nobody is left with by the load of others. */
const surelyWaiting = 0.05;
/** Share of the time; of workers behind a lock, of that for which one held throughout would block them. */
const mostlyBlocked = 0.5;
/** The slowest worker's time over the middle one's. */
const straggling = 1.5;
/** Share of the wall time: short work is over at different times by chance. */
const noticeableStraggling = 0.2;
/** Memory of the machine in use from which on the kernel takes pages away. */
const nearlyAllMemory = 0.9;
/** Pages a second that had to be fetched from disk: at 0.1 ms each a hundredth of a core's time. */
const manyMajorFaults = 100;
/** The same work cost so much more CPU that each core got less done than one alone. */
const dearerWork = 1.3;
/** In shorter work, compiling the code anew for every worker and warming caches up is a good part of the CPU time. */
const tellingWorkMs = 100;
/** Efficiency from which on the cores are said to be used. */
const goodEfficiency = 0.6;

const fails: Outcome = { state: 'fails' };

/**
 * In this order, for what stands first keeps what stands behind from being seen: a throttled or swapping run can look
 * like anything.
 *
 * | cause          | holds when                                                                                  |
 * |----------------|---------------------------------------------------------------------------------------------|
 * | throttled      | there is a quota below the workers, and ≥ 10 % of the workers' time was held back by it     |
 * | memory         | > 100 major faults a second or ≥ 90 % of memory used, and not faster than serial            |
 * | start-up       | ≥ 50 % of the wall time went by before the last worker was ready; or ≥ 15 %, and the work   |
 * |                | alone is as much faster as cores allow (efficiency ≥ 0.6), while the whole is not           |
 * | messages       | ≥ 30 % of the wall time went into messages                                                  |
 * | memory         | no more workers than physical cores, which were busy (≥ 80 %); efficiency stayed < 0.8; the |
 * |                | work itself, ≥ 100 ms long, cost ≥ 1.3 times serial's CPU time even if start-up, tear-down  |
 * |                | and messages kept a core busy for the host and for each worker                              |
 * | gil            | the lock was on; ≥ 2 workers in one interpreter kept 0.5 to 1.25 cores busy; as many apart  |
 * |                | kept > 1.25 and 0.25 more, and were faster beyond noise                                     |
 * | oversubscribed | more workers than usable cores, which were busy (≥ 80 %); workers stood in line ≥ 20 % of   |
 * |                | their time; no faster beyond noise than with as many workers as cores                       |
 * | straggler      | the slowest worker took ≥ 1.5 times the middle one's time, which is ≥ 20 % of the wall time |
 * |                | longer; cores stood idle, and workers stood in line < 20 % of their time, so far as known   |
 * | waiting        | serial kept < 0.05 cores busy, or < 0.35 and was blocked ≥ 50 % of its time (it might have  |
 * |                | stood in line); the workers are faster beyond noise                                         |
 * | lock           | serial kept ≥ 0.35 cores busy; N workers kept ≤ 1.25, are not faster beyond noise (or by    |
 * |                | what nothing explains, `isGainDoubtful`), and were blocked at least half as long as a lock held throughout would block them, (1 − 1/N) of      |
 * |                | their time (and no interpreter's lock can be the reason)                                    |
 * | cores          | > 1.25 cores busy, faster than serial beyond noise, efficiency ≥ 0.6 of what tasks and      |
 * |                | usable cores allow                                                                          |
 */
export const rules: readonly Rule[] = [
  { name: 'throttled', judge: judgeThrottling },
  { name: 'memory', judge: judgeFullMemory },
  { name: 'start-up', judge: judgeStartup },
  { name: 'messages', judge: judgeMessages },
  { name: 'memory', judge: judgeSharedMemory },
  { name: 'gil', judge: judgeInterpreterLock },
  { name: 'oversubscribed', judge: judgeOversubscription },
  { name: 'straggler', judge: judgeStraggler },
  { name: 'waiting', judge: judgeWaiting },
  { name: 'lock', judge: judgeLock },
  { name: 'cores', judge: judgeCores },
];

function judgeThrottling({ name, workers, throttledShare, limits }: Evidence): Outcome {
  const quota = limits.quotaCores;
  if (quota === null || quota >= workers) return fails;
  if (throttledShare === null) return unknown('How long the quota held the workers back is not known.');
  if (throttledShare < muchThrottling) return fails;
  return holds(`the CPU quota of ${formatCores(quota)} cores holds the workers back`, [
    `The quota is ${formatCores(quota)} cores for ${workers} workers.`,
    `${name} was held back by the quota for ${percent(throttledShare)} of its workers' time.`,
  ]);
}

function judgeFullMemory({ name, majorFaultsPerSecond, memoryShare, speedup }: Evidence): Outcome {
  if (speedup === null || speedup.ci95[0] > 1) return fails;
  if (majorFaultsPerSecond !== null && majorFaultsPerSecond > manyMajorFaults) {
    return holds('memory ran short and pages had to come from disk', [
      `${name} fetched ${Math.round(majorFaultsPerSecond)} pages a second from disk.`,
    ]);
  }
  if (memoryShare !== null && memoryShare >= nearlyAllMemory) {
    return holds('it fills the memory of the machine', [
      `${name} used ${percent(memoryShare)} of the memory of the machine.`,
    ]);
  }
  return fails;
}

/**
 * From outside, a core that waits for memory is a busy one. What cores have in common besides (a shared cache, the two
 * threads of one core where a virtual machine does not tell, a clock that drops when all are busy) looks the same, so
 * the sentence names them together.
 */
function judgeSharedMemory(evidence: Evidence): Outcome {
  const { name, workers, workMs, leastWorkCpuRatio, cores, speedup, limits } = evidence;
  const physical = limits.physicalCores;
  if (workers < 2 || physical === null || workers > Math.min(physical, limits.usableCores)) return fails;
  if (speedup === null || cores === null) return fails;
  if (cores < 0.8 * workers || speedup.median >= 0.8 * workers) return fails;
  if (workMs === null || workMs < tellingWorkMs) {
    return unknown('The work was too short for its CPU time to be told from that of starting workers.');
  }
  if (leastWorkCpuRatio === null) return unknown('How much CPU time the work alone took is not known.');
  if (leastWorkCpuRatio < dearerWork) return fails;
  return holds(
    'the cores are busy and yet each gets less done than one alone: they share memory and caches',
    [
      `${name} kept ${formatCores(cores)} cores busy, each with a physical core of its own.`,
      `The same work cost at least ${ratioDigits(leastWorkCpuRatio)} times the CPU time of serial, start-up and ` +
        'messages not counted.',
    ],
  );
}

function judgeStartup(evidence: Evidence): Outcome {
  const { name, startupShare, workSpeedup, speedup } = evidence;
  if (startupShare === null) return unknown('How long the start-up took is not known.');
  const spent = `${name} spent ${percent(startupShare)} of its time on starting workers.`;
  if (startupShare >= largerPart) return holds('starting the workers takes longer than their work', [spent]);
  if (startupShare < noticeableStartup || workSpeedup === null || speedup === null) return fails;
  const wanted = goodEfficiency * possibleSpeedup(evidence);
  if (workSpeedup < Math.max(1, wanted) || speedup.median >= wanted) return fails;
  return holds('starting the workers takes much of what they gain', [
    spent,
    `Once they were ready, they did the work in 1/${ratioDigits(workSpeedup)} of serial's time; with start-up it is ` +
      `${ratioDigits(speedup.median)} times as fast.`,
  ]);
}

function judgeMessages({ name, messageShare }: Evidence): Outcome {
  if (messageShare === null) return unknown('How long messages took is not known.');
  if (messageShare < manyMessages) return fails;
  return holds('tasks and results spend much of the time on their way', [
    `${name} spent ${percent(messageShare)} of its time on messages.`,
  ]);
}

function isUnderInterpreterLock({ sharesInterpreter, interpreter, workers }: Evidence): boolean {
  return sharesInterpreter && workers >= 2 && interpreter?.gilEnabled === true;
}

function judgeInterpreterLock(evidence: Evidence): Outcome {
  const { name, interpreter, cores, separatePeer } = evidence;
  if (!isUnderInterpreterLock(evidence) || interpreter === null) return fails;
  if (cores === null) return unknown('How many cores were kept busy is not known.');
  if (cores < aboutOneCore || cores > moreThanOneCore) return fails;
  if (separatePeer?.cores === undefined || separatePeer.cores === null) {
    return unknown('No strategy without a shared interpreter was measured with as many workers.');
  }
  const isMoreApart =
    separatePeer.cores > moreThanOneCore && separatePeer.cores >= cores + (moreThanOneCore - 1);
  if (!isMoreApart || separatePeer.ratio.ci95[0] <= 1) return fails;
  return holds(`${interpreter.name}'s global interpreter lock lets one thread run at a time`, [
    `${interpreter.name} said that its global interpreter lock was on while the work ran.`,
    `${name} kept ${formatCores(cores)} cores busy; the same work as ${separatePeer.name} kept ` +
      `${formatCores(separatePeer.cores)} busy and was ${ratioDigits(separatePeer.ratio.median)} times as fast ` +
      `(95 % interval ${intervalWords(separatePeer.ratio)}).`,
  ]);
}

function judgeOversubscription({
  name,
  workers,
  limits,
  cores,
  runnableShare,
  withinCores,
}: Evidence): Outcome {
  if (workers <= limits.usableCores) return fails;
  if (cores === null || cores < 0.8 * limits.usableCores) return fails;
  if (runnableShare === null) return unknown('How long workers stood in line for a core is not known.');
  if (runnableShare < muchQueueing) return fails;
  if (withinCores === null) return unknown('The strategy was not measured with as many workers as cores.');
  // Above 1: as many workers as cores are faster. Wholly below 1: more workers do help, so they are not too many.
  if (withinCores.ratio.ci95[1] < 1) return fails;
  return holds(
    `${workers} workers share ${formatCount(limits.usableCores)} cores and stand in line for them`,
    [
      `${name} stood in line for a core for ${percent(runnableShare)} of its workers' time.`,
      `${withinCores.name} took ${ratioDigits(1 / withinCores.ratio.median)} times as long.`,
    ],
  );
}

function judgeStraggler(evidence: Evidence): Outcome {
  const { name, workers, limits, cores, stragglerRatio, stragglerShare, runnableShare } = evidence;
  if (workers < 2) return fails;
  if (stragglerRatio === null || stragglerShare === null)
    return unknown('How long each worker was at work is not known.');
  if (stragglerRatio < straggling || stragglerShare < noticeableStraggling) return fails;
  // Which of the workers the others' programs let wait is chance.
  if (runnableShare !== null && runnableShare >= muchQueueing) return fails;
  if (cores !== null && cores > 0.9 * Math.min(workers, limits.usableCores)) return fails;
  return holds('one worker keeps all others waiting for its end', [
    `The slowest worker of ${name} took ${ratioDigits(stragglerRatio)} times as long as the middle one, ` +
      `${percent(stragglerShare)} of the whole time more.`,
  ]);
}

function judgeWaiting(evidence: Evidence): Outcome {
  const { name, serialCores, serialBlockedShare, speedup, cores } = evidence;
  if (serialCores === null || speedup === null)
    return unknown('What serial work did meanwhile is not known.');
  if (serialCores >= mostlyWaiting || speedup.ci95[0] <= 1) return fails;
  if (serialCores >= surelyWaiting) {
    if (serialBlockedShare === null) {
      return unknown('Whether serial work waited, or stood in line for a core, is not known.');
    }
    if (serialBlockedShare < mostlyBlocked) return fails;
  }
  return holds('the work mostly waits, and workers wait at the same time', [
    `serial kept ${formatCores(serialCores)} of one core busy: the rest of its time it waited.`,
    `${name} was ${ratioDigits(speedup.median)} times as fast` +
      (cores === null ? '.' : ` with ${formatCores(cores)} cores busy.`),
  ]);
}

function judgeLock(evidence: Evidence): Outcome {
  const { name, workers, serialCores, speedup, cores, blockedShare } = evidence;
  const isFaster = speedup !== null && speedup.ci95[0] > 1 && !evidence.isGainDoubtful;
  // Under an interpreter's lock, waiting for it and waiting for one's own lock look the same from outside.
  if (workers < 2 || isUnderInterpreterLock(evidence)) return fails;
  if (speedup === null || serialCores === null || cores === null) return fails;
  if (isFaster || cores > moreThanOneCore || serialCores < mostlyWaiting) return fails;
  if (blockedShare === null) return unknown('How long workers were blocked is not known.');
  if (blockedShare < mostlyBlocked * (1 - 1 / workers)) return fails;
  return holds('the workers wait for one another, as behind a lock', [
    `${name} was blocked for ${percent(blockedShare)} of its workers' time and kept ${formatCores(cores)} cores busy, ` +
      `where serial keeps ${formatCores(serialCores)}.`,
    `It was ${ratioDigits(speedup.median)} times as fast as serial (95 % interval ${intervalWords(speedup)}).`,
  ]);
}

/** What the tasks and the usable cores allow. */
function possibleSpeedup({ workers, tasks, limits }: Evidence): number {
  return Math.min(workers, limits.usableCores, tasks / Math.ceil(tasks / workers));
}

function judgeCores(evidence: Evidence): Outcome {
  const { name, speedup, cores, serialCores } = evidence;
  if (cores === null || speedup === null) return unknown('How many cores were kept busy is not known.');
  if (cores <= moreThanOneCore || speedup.ci95[0] <= 1) return fails;
  if (speedup.median < goodEfficiency * possibleSpeedup(evidence)) return fails;
  const comparison = serialCores === null ? '' : ` where serial keeps ${formatCores(serialCores)}`;
  return holds(`it keeps ${formatCores(cores)} cores busy${comparison}`, [
    `${name} kept ${formatCores(cores)} cores busy and was ${ratioDigits(speedup.median)} times as fast as serial.`,
  ]);
}

function holds(because: string, evidence: readonly string[]): Outcome {
  return { state: 'holds', because, evidence };
}

function unknown(missing: string): Outcome {
  return { state: 'unknown', missing };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function formatCount(cores: number): string {
  return Number.isInteger(cores) ? String(cores) : formatCores(cores);
}
