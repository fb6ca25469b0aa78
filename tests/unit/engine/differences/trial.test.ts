import { expect, it } from 'vitest';
import { timesOf } from '../../../../src/engine/differences/trial.ts';
import { node } from '../analysis/drawn-experiment.ts';

it('counts the cores of a run over the whole time that its CPU time is of, start-up and tear-down too', () => {
  const outcome = {
    state: 'finished',
    wallMs: 100,
    startupMs: 50,
    workMs: 40,
    tearDownMs: 10,
    messageMs: null,
    cpuSeconds: 0.15,
    checksum: '1',
    workers: 2,
    interpreter: node,
    lostTasks: 0,
    metrics: [],
    notes: [],
    output: null,
    cgroupCpuSeconds: null,
  } as const;
  expect(timesOf({ outcome, peakPssBytes: null, exits: [], killedMs: null })).toEqual({
    wallMs: 100,
    workMs: 40,
    overheadMs: 60,
    cores: 1.5,
  });
});
