import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzeMatrix, type MatrixInput } from '../../../../../src/engine/analysis/matrix/analyze.ts';
import { objectives } from '../../../../../src/shared/experiment-analysis.ts';
import { cellName } from '../../../../../src/engine/analysis/measurements.ts';
import { cell, run } from '../simulate.ts';

const maybe = (max: number): fc.Arbitrary<number | null> =>
  fc.oneof(fc.constant(null), fc.constant(0), fc.double({ min: 0, max, noNaN: true }));

const anyRun = fc
  .record({
    wallMs: fc.oneof(fc.constant(100), fc.double({ min: 0.001, max: 1e7, noNaN: true })),
    startupMs: maybe(1e4),
    workMs: maybe(1e6),
    cpuSeconds: maybe(1e4),
    peakPssBytes: maybe(1e11),
    majorFaults: maybe(1e6),
    runnableMs: maybe(1e6),
    throttledMs: maybe(1e6),
    blockedMs: maybe(1e6),
    messageMs: maybe(1e6),
    slowestWorkerMs: maybe(1e6),
    medianWorkerMs: maybe(1e6),
  })
  .map(({ wallMs, ...known }) => ({ wallMs, known }));

const anyCells = fc
  .uniqueArray(
    fc.record({
      strategy: fc.constantFrom('serial', 'async', 'threads', 'processes'),
      workers: fc.constantFrom(1, 2, 4, 8, 16),
      runs: fc.array(anyRun, { maxLength: 6 }),
    }),
    { selector: ({ strategy, workers }) => `${strategy} ${workers}`, maxLength: 12 },
  )
  .map((drawn) =>
    drawn.map(({ strategy, workers, runs }) =>
      cell(
        strategy,
        workers,
        runs.map(({ wallMs, known }, index) => run(index + 1, wallMs, known)),
      ),
    ),
  );

const anyInput: fc.Arbitrary<MatrixInput> = fc.record({
  cells: anyCells,
  controlPair: fc.constant(null),
  limits: fc.record({
    usableCores: fc.constantFrom(0.5, 1, 2.5, 4),
    physicalCores: fc.constantFrom(null, 2, 4),
    performanceCores: fc.constantFrom(null, 2),
    quotaCores: fc.constantFrom(null, 0.5, 2.5),
    memoryBytes: fc.constantFrom(null, 8e9),
  }),
  interpreter: fc.constantFrom(null, { name: 'CPython', gilEnabled: true }),
  tasks: fc.constantFrom(1, 16),
  objective: fc.constantFrom(...objectives),
  stopping: fc.constantFrom('fixed' as const, 'adaptive' as const),
  resamples: fc.constant(50),
  seed: fc.integer(),
});

describe('the analysis of whatever was measured', () => {
  it('gives an answer that names only what was measured, in words without holes, and the same again', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const analysis = analyzeMatrix(input);
        const { verdict } = analysis;
        const names = input.cells.map(cellName);
        const text = [verdict.sentence, verdict.wouldChange, ...verdict.evidence].join(' ');
        expect(text).not.toMatch(/NaN|undefined|null|Infinity|\[object/);
        expect(names).toEqual(expect.arrayContaining([...verdict.tied, ...verdict.pareto]));
        if (verdict.state === 'failed') {
          expect(verdict.recommended).toBeNull();
        } else {
          expect(names).toContain(verdict.recommended === null ? '' : cellName(verdict.recommended));
          expect(verdict.pareto.length).toBeGreaterThan(0);
          expect(verdict.tied.length).toBeGreaterThan(0);
        }
        expect(analyzeMatrix(input)).toEqual(analysis);
      }),
      { numRuns: 300 },
    );
  });

  it('recommends for the least time only what cannot be told apart from the fastest', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { verdict } = analyzeMatrix({ ...input, objective: 'fastest' });
        if (verdict.recommended === null) return;
        expect(verdict.tied).toContain(cellName(verdict.recommended));
      }),
    );
  });
});
