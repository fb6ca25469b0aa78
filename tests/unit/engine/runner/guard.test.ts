import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRequest } from '../../../../src/engine/runner/run.ts';
import { countLoop } from '../../../../src/engine/workloads/count-loop.ts';
import type { StrategyId } from '../../../../src/shared/workload.ts';
import { type BuiltHosts, buildHosts } from './build-hosts.ts';
import { listRun, listRunAfterItsEnd } from './process-list.ts';
import { availableWays, smallRequest } from './real-run.ts';

let hosts: BuiltHosts;
beforeAll(async () => {
  hosts = await buildHosts({
    entries: { supervisor: fileURLToPath(new URL('supervisor.ts', import.meta.url)) },
  });
});
afterAll(() => hosts.remove());

/** Starts a run under a supervising program of its own; resolves when `workers` of it are at work. */
async function startSupervised(
  { runtime, strategy, workloadId, interpreterPath, hostFiles }: RunRequest,
  workers: number,
): Promise<{ supervisor: ChildProcess; hostPid: number }> {
  const supervisor = spawn(
    process.execPath,
    [
      path.join(hosts.folder, 'supervisor.js'),
      runtime,
      strategy,
      workloadId,
      interpreterPath,
      hostFiles.nodeHost,
      hostFiles.pythonFolder,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let hostPid = 0;
  let ready = 0;
  for await (const line of createInterface(supervisor.stdout)) {
    if (line.startsWith('host ')) hostPid = Number(line.slice('host '.length));
    if (line === 'worker ready') ready += 1;
    if (ready === workers) break;
  }
  return { supervisor, hostPid };
}

/** Where each worker is a process of its own; a pool may not have started its second one yet. */
const leastWorkerProcesses = new Map<StrategyId, number>([
  ['processes', 2],
  ['process-pool', 1],
  ['hybrid', 1],
]);

describe.skipIf(process.platform === 'win32').each(availableWays(countLoop))(
  'kill -9 of Corescope in the middle of $runtime, $strategy',
  ({ runtime, strategy }) => {
    it.each(['sleep', 'count-loop'])('leaves nothing of a %s', async (workloadId) => {
      const workerProcesses = leastWorkerProcesses.get(strategy) ?? 0;
      const request = smallRequest(hosts.files, runtime, { strategy, workloadId });
      const { supervisor, hostPid } = await startSupervised(request, Math.max(1, workerProcesses));
      // Host, guard, and the workers where they are processes.
      expect(listRun(hostPid).length).toBeGreaterThanOrEqual(2 + workerProcesses);
      supervisor.kill('SIGKILL');
      expect(await listRunAfterItsEnd(hostPid)).toEqual([]);
    });
  },
);
