import path from 'node:path';
import { fail, type Result, succeed } from '../../shared/result.ts';
import { findWorkload, validateParams, workloads } from '../workloads/index.ts';
import { protocolVersion, type RunPlan } from './protocol.ts';
import type { RunRequest } from './run-contract.ts';

/** How to start a run host, and the line to hand to it. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly planLine: string;
}

/**
 * Checks a request and turns it into a command. Throws where a count is not a whole number from 1: whoever asks
 * for runs has checked its plan.
 */
export function prepareLaunch(request: RunRequest, inherited: NodeJS.ProcessEnv): Result<Launch> {
  requireCount('tasks', request.tasks);
  requireCount('workers', request.workers);
  const workload = findWorkload(request.workloadId);
  if (workload === undefined) {
    return fail(
      'unknown-workload',
      `There is no workload "${request.workloadId}".`,
      `Choose one of ${workloads.map(({ id }) => `"${id}"`).join(', ')}.`,
    );
  }
  const params = validateParams(workload, request.params, request.runtime);
  if (!params.ok) return params;
  const plan: RunPlan = {
    protocol: protocolVersion,
    workloadId: workload.id,
    target: request.target ?? null,
    params: params.value,
    tasks: request.tasks,
    strategy: request.strategy,
    workers: request.strategy === 'serial' ? 1 : Math.min(request.workers, request.tasks),
    startMethod: request.startMethod ?? null,
    seed: request.seed ?? 0,
    onWorkerFailure: request.onWorkerFailure ?? 'stop',
  };
  return succeed({
    command: request.interpreterPath,
    args: argumentsFor(request),
    environment: environmentFor(request, inherited),
    planLine: `${JSON.stringify(plan)}\n`,
  });
}

function argumentsFor({ runtime, hostFiles }: RunRequest): string[] {
  // -B: no bytecode files are written into what may be a signed or read-only application folder.
  if (runtime === 'python') return ['-B', path.join(hostFiles.pythonFolder, 'run_host.py')];
  // Commands are started by the Node host too.
  return [hostFiles.nodeHost];
}

/** What Corescope itself may have been started with, and what would load or write something beside the work. */
const notForHosts = new Set(['NODE_OPTIONS', 'NODE_V8_COVERAGE', 'NODE_CHANNEL_FD', 'ELECTRON_RUN_AS_NODE']);

function environmentFor({ runtime }: RunRequest, inherited: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(inherited).filter(([name]) => !notForHosts.has(name)));
  // Electron's binary is a Node with this variable set; a plain Node does not know it.
  return runtime === 'python' ? kept : { ...kept, ELECTRON_RUN_AS_NODE: '1' };
}

function requireCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`${name} of a run must be a whole number from 1, not ${value}`);
  }
}
