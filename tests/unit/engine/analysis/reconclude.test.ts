import { describe, expect, it } from 'vitest';
import { objectives } from '../../../../src/shared/experiment-analysis.ts';
import { reconclude } from '../../../../src/engine/analysis/reconclude.ts';
import { experimentFrom } from '../export/sample-experiment.ts';
import { concludeDrawing } from './drawn-experiment.ts';

/** Threads are slower than processes by 9 %, and much leaner; only processes survive the crash of a worker. */
const closeRace = `
  strategy    | walls by block      | cores | start-up ms | PSS MB
  serial      | 1000 1010 990  1020 | 1.00  | 0.1         | 12
  threads×2   | 561  563  560  562  | 1.93  | 0.6         | 14
  processes×2 | 516  518  515  517  | 1.93  | 31          | 90`;

const machine = {
  workloadKind: 'cpu',
  limits: { usableCores: 2, physicalCores: 2, performanceCores: null, quotaCores: null, memoryBytes: 8e9 },
} as const;

describe('an experiment judged for another objective', () => {
  it.each([
    ['fastest', 'processes'],
    ['leanest', 'threads'],
    ['safest', 'processes'],
  ] as const)('recommends for %s what a new one would', (objective, strategy) => {
    const judged = reconclude(experimentFrom(closeRace), objective, machine);
    expect(judged.verdict.objective).toBe(objective);
    expect(judged.verdict.recommended?.strategy).toBe(strategy);
    expect(judged.verdict).toEqual(concludeDrawing(closeRace, { objective }).verdict);
  });

  it('keeps every measured figure, and comes back to where it began', () => {
    const experiment = experimentFrom(closeRace);
    for (const objective of objectives) {
      const judged = reconclude(experiment, objective, machine);
      expect(judged.strategies).toEqual(experiment.strategies);
      expect(judged.scaling).toEqual(experiment.scaling);
      expect(reconclude(judged, 'balanced', machine)).toEqual(experiment);
    }
  });
});
