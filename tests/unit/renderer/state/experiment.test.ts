import { describe, expect, it } from 'vitest';
import { ExperimentState } from '../../../../src/renderer/state/experiment.svelte.ts';
import type { ExperimentPlan, RunRecord } from '../../../../src/shared/experiment.ts';
import type { ExperimentEvent, PlannedRun } from '../../../../src/shared/experiment-event.ts';
import { runsFrom } from '../../engine/analysis/drawn-experiment.ts';
import { fail } from '../../../../src/shared/result.ts';

const plan: ExperimentPlan = {
  workload: { id: 'count-loop', runtime: 'node', target: null, params: {}, tasks: 2 },
  strategies: ['serial', 'threads'],
  workerCounts: [2],
  blocks: 1,
  warmUpBlocks: 0,
  timeoutMs: 1000,
  seed: 1,
  pythonPath: null,
  startMethod: null,
};
const serial: PlannedRun = { order: 1, block: 1, warmUp: false, strategy: 'serial', workers: 1 };
const threads: PlannedRun = { order: 2, block: 1, warmUp: false, strategy: 'threads', workers: 2 };
const planned: ExperimentEvent = { type: 'planned', plan, runs: [serial, threads], atMs: 0 };

function started(run: PlannedRun, atMs: number): ExperimentEvent {
  return { type: 'run-started', run, hostPid: 100 + run.order, atMs };
}

function ended(run: PlannedRun, atMs: number, record: RunRecord): ExperimentEvent {
  return { type: 'run-ended', run, record, completedRuns: run.order, totalRuns: 2, remainingMs: 500, atMs };
}

function after(...events: ExperimentEvent[]): ExperimentState {
  const state = new ExperimentState();
  for (const event of events) state.receive(event);
  return state;
}

const cancelledRecord: RunRecord = { order: 1, block: 1, warmUp: false, state: 'cancelled' };

describe('an experiment on screen', () => {
  it('is busy from the plan until it ends', () => {
    expect(after().isBusy).toBe(false);
    expect(after(planned).isBusy).toBe(true);
    expect(after(planned, { type: 'cancelled', atMs: 9 }).isBusy).toBe(false);
  });

  it('has one band per run, open while the run is on', () => {
    const running = after(
      planned,
      started(serial, 10),
      ended(serial, 60, cancelledRecord),
      started(threads, 70),
    );
    expect(running.bands).toEqual([
      { label: 'serial', strategy: 'serial', warmUp: false, startMs: 10, endMs: 60 },
      { label: 'threads × 2', strategy: 'threads', warmUp: false, startMs: 70, endMs: null },
    ]);
    running.receive({ type: 'cancelled', atMs: 90 });
    expect(running.bands.at(-1)?.endMs).toBe(90);
  });

  it('keeps the bands of earlier experiments, for they are still on the timeline', () => {
    const state = after(
      planned,
      started(serial, 10),
      ended(serial, 60, cancelledRecord),
      planned,
      started(serial, 200),
    );
    expect(state.bands.map(({ startMs }) => startMs)).toEqual([10, 200]);
  });

  it('knows the workers of this run and of the one before, for their last samples come late', () => {
    const worker = { index: 0, name: 'worker 1', pid: 102, tid: null, kind: 'process' } as const;
    const state = after(planned, started(serial, 10), { type: 'worker-ready', order: 1, worker, atMs: 20 });
    state.receive(started(threads, 30));
    state.receive({ type: 'worker-ready', order: 2, worker: { ...worker, pid: 103 }, atMs: 40 });
    expect(state.workers.map(({ order, pid }) => `${order}: ${pid}`)).toEqual(['1: 102', '2: 103']);
    state.receive(started({ ...serial, order: 3 }, 50));
    expect(state.workers.map(({ order, pid }) => `${order}: ${pid}`)).toEqual(['2: 103']);
  });

  it('says which run failed, why, and what to do', () => {
    const { problem } = fail('worker-raised', 'worker 1 raised ValueError.', 'See the output.');
    const state = after(
      planned,
      started(serial, 0),
      ended(serial, 5, { order: 1, block: 1, warmUp: false, state: 'failed', problem }),
      started(threads, 6),
      ended(threads, 9, { order: 2, block: 1, warmUp: false, state: 'timed-out', afterMs: 1000 }),
    );
    expect(state.troubles).toEqual([
      'Run 1 (serial) failed: worker 1 raised ValueError. See the output.',
      'Run 2 (threads × 2) was ended after 1 s.',
    ]);
  });

  it('is paused when the run under way has ended, and tells both', () => {
    const state = after(planned, started(serial, 10));
    state.askToPause(true);
    expect(state.pause).toBe('asked');
    state.receive({ type: 'paused', atMs: 20 });
    expect(state.pause).toBe('paused');
    state.askToPause(false);
    state.receive({ type: 'resumed', atMs: 30 });
    expect(state.pause).toBe('none');
    state.askToPause(true);
    state.receive({ type: 'cancelled', atMs: 40 });
    expect(state.pause).toBe('none');
  });

  it('cannot be paused when none is on', () => {
    const state = after();
    state.askToPause(true);
    expect(state.pause).toBe('none');
  });

  it('keeps what was found wrong with the machine, and which run was disturbed by what', () => {
    const battery = { kind: 'battery', message: 'On battery.', advice: 'Plug it in.' } as const;
    const load = { kind: 'background-load', detail: 'Other programs kept 0.8 cores busy.' } as const;
    const [record] = runsFrom('head\nserial | 900 | 1 | 1 | 1')[0]?.runs ?? [];
    if (record?.state !== 'finished') throw new Error('one run was drawn');
    const state = after(
      planned,
      { type: 'readiness', notes: [battery], atMs: 1 },
      started(serial, 2),
      ended(serial, 3, { ...record, disturbances: [load] }),
      started(threads, 4),
      ended(threads, 5, record),
    );
    expect(state.readiness).toEqual([battery]);
    expect(state.disturbed).toEqual([{ run: 'Run 1 (serial)', disturbances: [load] }]);
    state.receive(planned);
    expect([state.readiness, state.disturbed]).toEqual([[], []]);
  });

  it('says how narrow the answer is by now', () => {
    const look = { blocks: 6, halfWidth: 0.052, targetHalfWidth: 0.03, spentMs: 12_000, budgetMs: 300_000 };
    const state = after(planned, { type: 'looked', ...look, stoppedBy: null, atMs: 1 });
    expect(state.lastLook).toBe('6 blocks: within ± 5.2 % of ± 3.0 %, 12.0 s of 5 min 0 s');
  });

  it('shows a refused plan as the failure that it is', () => {
    const { problem } = fail('busy', 'An experiment is already running.', 'Wait.');
    const state = after();
    state.refuse(problem);
    expect(state.status).toEqual({ state: 'failed', problem });
  });
});
