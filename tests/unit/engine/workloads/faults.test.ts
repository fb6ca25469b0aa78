import { readdirSync } from 'node:fs';
import os from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeFault, reportFault } from '../../../../src/engine/analysis/faults.ts';
import { strategyIds, type WorkloadParams } from '../../../../src/shared/workload.ts';
import { type BuiltHosts, buildHosts } from '../runner/build-hosts.ts';
import { listRunAfterItsEnd } from '../runner/process-list.ts';
import { availableRuntimes, smallRequest, watchRun } from '../runner/real-run.ts';

let hosts: BuiltHosts;
beforeAll(async () => {
  hosts = await buildHosts();
});
afterAll(() => hosts.remove());

/**
 * Real crashes: task 0 of 4 goes wrong on two workers. `work` is how long the other tasks take: where something dies
 * that takes them with it, so long that none of them can be done by then.
 */
const table = `
  fault          runtime  strategy      work   ended               survivors lost host
  throw          node     serial        20     worker-died         0         4    lives
  throw          node     async         20     task-failed         0         1    lives
  throw          node     threads       20     worker-died         1         2    lives
  throw          node     processes     20     worker-died         1         2    lives
  throw          node     thread-pool   20     task-failed         1         1    lives
  throw          node     process-pool  20     task-failed         1         1    lives
  throw          python   serial        20     worker-died         0         4    lives
  throw          python   asyncio       20     task-failed         0         1    lives
  throw          python   threads       20     worker-died         1         2    lives
  throw          python   processes     20     worker-died         1         2    lives
  throw          python   thread-pool   20     task-failed         1         1    lives
  throw          python   process-pool  20     task-failed         1         1    lives
  throw          python   hybrid        20     task-failed         1         1    lives
  exit           node     serial        5000   host-died           0         4    dies
  exit           node     async         5000   host-died           0         4    dies
  exit           node     threads       20     worker-died         1         2    lives
  exit           node     processes     20     worker-died         1         2    lives
  exit           node     thread-pool   20     worker-died         1         1    lives
  exit           node     process-pool  20     worker-died         1         1    lives
  exit           python   serial        20     worker-died         0         4    lives
  exit           python   asyncio       20     worker-died         0         4    lives
  exit           python   serial        20     worker-died         0         4    lives
  exit           python   threads       20     worker-died         1         2    lives
  exit           python   processes     20     worker-died         1         2    lives
  exit           python   thread-pool   20     task-failed         1         1    lives
  exit           python   process-pool  20     task-failed         1         1    lives
  exit!          python   serial        5000   host-died           0         4    dies
  exit!          python   asyncio       5000   host-died           0         4    dies
  exit!          python   threads       5000   host-died           0         4    dies
  exit!          python   processes     20     worker-died         1         2    lives
  exit!          python   thread-pool   5000   host-died           0         4    dies
  exit!          python   process-pool  5000   pool-broken         0         4    lives
  exit!          python   hybrid        5000   pool-broken         0         4    lives
  native-crash   node     serial        5000   host-died           0         4    dies
  native-crash   node     async         5000   host-died           0         4    dies
  native-crash   node     threads       5000   host-died           0         4    dies
  native-crash   node     processes     20     worker-died         1         2    lives
  native-crash   node     thread-pool   5000   host-died           0         4    dies
  native-crash   node     process-pool  20     worker-died         1         1    lives
  native-crash   python   serial        5000   host-died           0         4    dies
  native-crash   python   asyncio       5000   host-died           0         4    dies
  native-crash   python   threads       5000   host-died           0         4    dies
  native-crash   python   processes     20     worker-died         1         2    lives
  native-crash   python   thread-pool   5000   host-died           0         4    dies
  native-crash   python   process-pool  5000   pool-broken         0         4    lives
  native-crash   python   hybrid        5000   pool-broken         0         4    lives
  out-of-memory  node     threads       20     worker-died         1         2    lives
  out-of-memory  node     processes     20     worker-died         1         2    lives
  out-of-memory  node     thread-pool   20     worker-died         1         1    lives
  out-of-memory  node     process-pool  20     worker-died         1         1    lives
  out-of-memory  python   serial        20     worker-died         0         4    lives
  out-of-memory  python   asyncio       20     task-failed         0         1    lives
  out-of-memory  python   threads       20     worker-died         1         2    lives
  out-of-memory  python   processes     20     worker-died         1         2    lives
  out-of-memory  python   thread-pool   20     task-failed         1         1    lives
  out-of-memory  python   process-pool  20     task-failed         1         1    lives
  out-of-memory  python   hybrid        20     task-failed         1         1    lives
  hang           node     serial        60000  timed-out           0         4    dies
  hang           node     async         60000  timed-out           0         4    dies
  hang           node     threads       20     ended-from-outside  1         2    lives
  hang           node     processes     20     ended-from-outside  1         2    lives
  hang           node     thread-pool   20     ended-from-outside  1         1    lives
  hang           node     process-pool  20     ended-from-outside  1         1    lives
  hang           python   serial        60000  timed-out           0         4    dies
  hang           python   asyncio       60000  timed-out           0         4    dies
  hang           python   threads       60000  timed-out           1         4    dies
  hang           python   processes     20     ended-from-outside  1         2    lives
  hang           python   thread-pool   60000  timed-out           1         4    dies
  hang           python   process-pool  60000  pool-broken         0         4    lives
  hang           python   hybrid        60000  pool-broken         0         4    lives
  never-joined   node     serial        20     unharmed            0         0    lives
  never-joined   node     async         20     unharmed            0         0    lives
  never-joined   node     threads       20     ended-from-outside  1         0    lives
  never-joined   node     processes     20     ended-from-outside  1         0    lives
  never-joined   node     thread-pool   20     unharmed            1         0    lives
  never-joined   node     process-pool  20     ended-from-outside  1         0    lives
  never-joined   python   asyncio       20     unharmed            0         0    lives
  never-joined   python   threads       20     unharmed            1         0    lives
  never-joined   python   processes     20     ended-from-outside  1         0    lives
  never-joined   python   thread-pool   20     unharmed            1         0    lives
  never-joined   python   process-pool  20     ended-from-outside  1         0    lives
  never-joined   python   hybrid        20     ended-from-outside  1         0    lives
`;

const [, ...rows] = table
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));
const cases = rows.map(([fault = '', runtime = '', strategy = '', work, ended, survivors, lost, host]) => ({
  fault,
  runtime,
  strategy,
  workMs: Number(work),
  report: {
    howItEnded: ended,
    survivors: Number(survivors),
    lostTasks: Number(lost),
    hostSurvived: host === 'lives',
  },
}));

/** What there is besides `workMs`; `exit!` is the exit that runs no handlers. */
const otherParams: Readonly<Record<string, WorkloadParams>> = {
  'exit!': { way: 'at-once' },
  'out-of-memory': { megabytes: 32 },
  hang: { patienceMs: 50 },
  // So that all results have arrived before the worker is ended.
  'never-joined': { patienceMs: 500 },
};

describe.each(cases.filter(({ runtime }) => availableRuntimes.some((known) => known === runtime)))(
  '$fault in $runtime, $strategy',
  ({ fault, runtime, strategy, workMs, report }) => {
    it(`ends as ${report.howItEnded ?? ''}, with ${report.survivors} survivors and ${report.lostTasks} lost tasks`, async () => {
      const watched = watchRun(
        smallRequest(hosts.files, runtime === 'python' ? 'python' : 'node', {
          workloadId: fault.replace('!', ''),
          params: { workMs, ...otherParams[fault] },
          strategy: strategyIds.find((known) => known === strategy) ?? 'serial',
          tasks: 4,
          onWorkerFailure: 'observe',
          // Only what nobody else can end gets there, and it costs the test as long.
          timeoutMs: report.howItEnded === 'timed-out' ? timeoutOf(strategy) : 18_000,
        }),
      );
      const outcome = await watched.handle.outcome;
      const told = reportFault({
        tasks: 4,
        events: watched.progress,
        outcome,
        endedAtMs: Number.POSITIVE_INFINITY,
      });
      expect(told).toMatchObject(report);
      expect(told.noticedAfterMs === null).toBe(report.howItEnded === 'unharmed');
      expect(describeFault(told)).toMatch(/^.+: .+, .+, .+\.$/);
      expect(await listRunAfterItsEnd(watched.handle.hostPid ?? 0)).toEqual([]);
      expect(foldersOf(watched.handle.hostPid ?? 0)).toEqual([]);
    });
  },
);

/** With one worker there are no others that must have begun by then. */
function timeoutOf(strategy: string): number {
  return ['serial', 'async', 'asyncio'].includes(strategy) ? 1_500 : 3_000;
}

/** Temporary folders of a Node host bear its pid. */
function foldersOf(hostPid: number): string[] {
  return readdirSync(os.tmpdir()).filter((name) => name.startsWith(`corescope-run-${hostPid}-`));
}
