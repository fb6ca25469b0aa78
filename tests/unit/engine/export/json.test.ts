import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  causes,
  objectives,
  reasonSubjects,
  type Estimate,
  type StrategyScaling,
} from '../../../../src/shared/experiment-analysis.ts';
import {
  disturbanceKinds,
  experimentSchemaId,
  readinessKinds,
  type Experiment,
  type RunRecord,
} from '../../../../src/shared/experiment.ts';
import { runtimes, startMethods, strategyIds, type WorkTarget } from '../../../../src/shared/workload.ts';
import { parseExperiment } from '../../../../src/engine/export/experiment-schema.ts';
import { experimentToJson, roundExperiment } from '../../../../src/engine/export/json.ts';
import { experimentFrom } from './sample-experiment.ts';

describe('the experiment document', () => {
  it('comes back from JSON as it was, rounded, and gives the same JSON again', () => {
    fc.assert(
      fc.property(anyExperiment(), (experiment) => {
        const json = experimentToJson(experiment);
        const parsed = parseExperiment(json);
        expect(parsed).toEqual({ ok: true, value: roundExperiment(experiment) });
        if (parsed.ok) expect(experimentToJson(parsed.value)).toBe(json);
      }),
      { numRuns: 60 },
    );
  });

  it('comes back where two runs differ so much that the interval reaches down to 0', () => {
    const experiment = experimentFrom('strategy | walls\nserial | 1 90 | 1 | 0 | 1');
    const json = experimentToJson(experiment);
    expect(json).toMatch(/"ci95": \[\s+0,/);
    expect(parseExperiment(json)).toMatchObject({ ok: true });
  });

  it('has its keys in the documented order, whatever the order in memory', () => {
    const experiment = experimentFrom();
    const { schema, ...rest } = experiment;
    const keys = Object.keys(JSON.parse(experimentToJson({ ...rest, schema })) as object);
    expect(keys).toEqual([
      'schema',
      'corescopeVersion',
      'startedAt',
      'durationMs',
      'machine',
      'interpreter',
      'workload',
      'plan',
      'readiness',
      'sampling',
      'strategies',
      'scaling',
      'controlPair',
      'verdict',
    ]);
  });

  it('rounds times to a microsecond and ratios to four decimals, and leaves parameters alone', () => {
    const experiment = experimentFrom();
    const rounded = roundExperiment({
      ...experiment,
      durationMs: 1234.567_891,
      workload: { ...experiment.workload, params: { seconds: 0.123_456_789 } },
      sampling: { ...experiment.sampling, ownCpuShare: 0.012_345_6, ownRssBytes: 1234.5 },
    });
    expect(rounded).toMatchObject({
      durationMs: 1234.568,
      workload: { params: { seconds: 0.123_456_789 } },
      sampling: { ownCpuShare: 0.0123, ownRssBytes: 1235 },
    });
  });

  it('refuses a number that JSON would silently turn into null', () => {
    expect(() => experimentToJson({ ...experimentFrom(), durationMs: Number.NaN })).toThrow(RangeError);
  });

  it('is documented with an example that is one', () => {
    const page = readFileSync(new URL('../../../../docs/experiment-json.md', import.meta.url), 'utf8');
    const example = /```json\n(.*?)```/s.exec(page)?.[1] ?? '';
    const parsed = parseExperiment(example);
    expect(parsed.ok ? null : parsed.problem).toBeNull();
    // It is of an earlier version, which had no parts of the answer.
    expect(parsed.ok ? parsed.value.verdict.answer : undefined).toBeNull();
    const undocumented = fieldNames(JSON.parse(example)).filter((field) => !page.includes(`\`${field}\``));
    expect(undocumented).toEqual([]);
  });
});

describe('reading a document', () => {
  const kindOf = (text: string): string => {
    const parsed = parseExperiment(text);
    return parsed.ok ? 'fine' : `${parsed.problem.kind}: ${parsed.problem.message}`;
  };
  const damaged = (change: (document: Record<string, unknown>) => void): string => {
    const document = JSON.parse(experimentToJson(experimentFrom())) as Record<string, unknown>;
    change(document);
    return kindOf(JSON.stringify(document));
  };

  it('says what is wrong with it', () => {
    expect(kindOf('{')).toMatch(/^not-json: This is not JSON: /);
    expect(kindOf('[1, 2]')).toMatch(/^not-an-experiment: /);
    expect(kindOf('null')).toMatch(/^not-an-experiment: /);
    expect(damaged((document) => (document['schema'] = 'corescope.experiment/2'))).toBe(
      'other-schema: This document has the schema corescope.experiment/2; this Corescope reads ' +
        'corescope.experiment/1.',
    );
    expect(damaged((document) => delete document['verdict'])).toMatch(
      /^damaged-experiment: The experiment is damaged at verdict: /,
    );
    expect(damaged((document) => (document['durationMs'] = '12'))).toMatch(/damaged at durationMs: /);
  });

  it('always advises a next step', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const parsed = parseExperiment(text);
        if (parsed.ok) throw new Error('random text is no experiment');
        expect(parsed.problem.advice).not.toBe('');
      }),
    );
  });

  it('drops fields that a later version may have added', () => {
    expect(damaged((document) => (document['addedLater'] = 1))).toBe('fine');
  });
});

function fieldNames(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(fieldNames);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    key,
    ...(key === 'params' || key === 'target' ? [] : fieldNames(inner)),
  ]);
}

function anyTarget(): fc.Arbitrary<WorkTarget> {
  const text = fc.string({ minLength: 1 });
  return fc.oneof(
    fc.record({ kind: fc.constant('module' as const), path: text }),
    fc.record({
      kind: fc.constant('function' as const),
      path: text,
      functionName: text,
      args: fc.array(
        fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant({ deep: [1] })),
      ),
    }),
    fc.record({
      kind: fc.constant('command' as const),
      argv: fc.array(fc.string(), { minLength: 1 }),
      cwd: fc.option(text),
      stdinFile: fc.option(text),
      environment: fc.dictionary(fc.stringMatching(/^[A-Z]+$/), fc.string()),
    }),
  );
}

function anyExperiment(): fc.Arbitrary<Experiment> {
  const positive = fc.double({ min: 0.001, max: 1e7, noNaN: true });
  const notNegative = fc.double({ min: 0, max: 1e6, noNaN: true });
  const count = fc.nat();
  const atLeastOne = fc.integer({ min: 1, max: 512 });
  const orNull = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(values);
  const text = fc.string({ unit: 'binary' });
  const strategy = fc.constantFrom(...strategyIds);
  const runtime = fc.constantFrom(...runtimes);
  const problem = fc.record({ kind: text, message: text, advice: text });
  const identity = { order: atLeastOne, block: count, warmUp: fc.boolean() };
  const run: fc.Arbitrary<RunRecord> = fc.oneof(
    fc.record({
      ...identity,
      state: fc.constant('finished' as const),
      wallMs: positive,
      startupMs: notNegative,
      cpuSeconds: orNull(notNegative),
      effectiveCores: orNull(notNegative),
      peakRssBytes: orNull(count),
      peakPssBytes: orNull(count),
      checksum: text,
      workMs: orNull(notNegative),
      tearDownMs: orNull(notNegative),
      messageMs: orNull(notNegative),
      lostTasks: count,
      metrics: fc.array(
        fc.record({
          name: text,
          value: fc.float({ noNaN: true, noDefaultInfinity: true }),
          unit: text,
          worker: orNull(count),
        }),
      ),
      notes: fc.array(fc.record({ text, worker: orNull(count) })),
      usage: orNull(
        fc.record({
          voluntarySwitches: orNull(count),
          involuntarySwitches: orNull(count),
          majorFaults: orNull(count),
          runnableMs: orNull(notNegative),
          throttledMs: orNull(notNegative),
          blockedMs: orNull(notNegative),
          slowestWorkerMs: orNull(notNegative),
          medianWorkerMs: orNull(notNegative),
        }),
      ),
      disturbances: fc.array(fc.record({ kind: fc.constantFrom(...disturbanceKinds), detail: text })),
    }),
    fc.record({ ...identity, state: fc.constant('failed' as const), problem }),
    fc.record({ ...identity, state: fc.constant('timed-out' as const), afterMs: notNegative }),
    fc.record({ ...identity, state: fc.constant('cancelled' as const) }),
  );
  const estimate: fc.Arbitrary<Estimate | null> = orNull(
    fc.tuple(positive, positive, positive).map((drawn) => {
      const [low = 1, median = 1, high = 1] = [...drawn].sort((left, right) => left - right);
      return { median, ci95: [low, high] as const };
    }),
  );
  const signed = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const signedEstimate: fc.Arbitrary<Estimate | null> = orNull(
    fc.tuple(signed, signed, signed).map((drawn) => {
      const [low = 1, median = 1, high = 1] = [...drawn].sort((left, right) => left - right);
      return { median, ci95: [low, high] as const };
    }),
  );
  const cellId = { strategy, workers: atLeastOne };
  const cause = fc.constantFrom(...causes);
  const kink = fc.record({ atWorkers: atLeastOne, reason: text });
  const whichIsFaster = fc.constantFrom('serial' as const, 'strategy' as const);
  const analysis = fc.record({
    isolated: fc.boolean(),
    isOnParetoFront: fc.boolean(),
    ratioToFastest: estimate,
    efficiency: estimate,
    serialFraction: signedEstimate,
    shiftMs: orNull(fc.record({ shift: signed, low: signed, high: signed, confidence: notNegative })),
    test: orNull(fc.record({ u: notNegative, p: notNegative, adjustedP: notNegative })),
    outlierBlocks: fc.array(count),
    startupMs: signedEstimate,
    peakPssBytes: signedEstimate,
    cpuSeconds: signedEstimate,
    voluntarySwitches: signedEstimate,
    involuntarySwitches: signedEstimate,
    cause: orNull(fc.record({ cause, because: text, evidence: fc.array(text), missing: fc.array(text) })),
  });
  const scaling: fc.Arbitrary<StrategyScaling> = fc.record({
    strategy,
    fit: fc.oneof(
      fc.record({
        state: fc.constant('fitted' as const),
        law: fc.constantFrom('amdahl' as const, 'usl' as const),
        oneWorkerMs: positive,
        contention: notNegative,
        coherency: notNegative,
        fromWorkers: atLeastOne,
        toWorkers: atLeastOne,
        endsAt: orNull(kink),
        bestWorkers: atLeastOne,
        bestWorkersLow: atLeastOne,
        bestWorkersHigh: atLeastOne,
        isBestAtEdge: fc.boolean(),
      }),
      fc.record({ state: fc.constant('refused' as const), reason: text, advice: text }),
    ),
    kinks: fc.array(kink),
    memoryPerWorkerBytes: signedEstimate,
    startupPerWorkerMs: signedEstimate,
    breakEven: fc.oneof(
      fc.record({
        state: fc.constant('breaks-even' as const),
        fasterBeyond: whichIsFaster,
        taskMs: notNegative,
        low: notNegative,
        high: orNull(notNegative),
      }),
      fc.record({ state: fc.constant('no-crossing' as const), faster: whichIsFaster }),
      fc.record({ state: fc.constant('unknown' as const) }),
    ),
  });
  return fc.record({
    schema: fc.constant(experimentSchemaId),
    corescopeVersion: text,
    startedAt: fc
      .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    durationMs: notNegative,
    machine: fc.record({
      os: text,
      kernel: text,
      arch: text,
      cpuModel: text,
      logicalCores: atLeastOne,
      physicalCores: orNull(atLeastOne),
      memoryBytes: count,
      virtualization: orNull(text),
    }),
    interpreter: orNull(
      fc.record({
        runtime,
        version: text,
        executable: text,
        implementation: text,
        gilEnabled: orNull(fc.boolean()),
        freeThreadedBuild: orNull(fc.boolean()),
        startMethod: orNull(text),
      }),
    ),
    workload: fc.record({
      id: text,
      runtime,
      target: orNull(anyTarget()),
      params: fc.dictionary(fc.stringMatching(/^[a-z]\w*$/), fc.oneof(positive, text)),
      tasks: atLeastOne,
    }),
    plan: fc.record({
      blocks: count,
      warmUpBlocks: count,
      timeoutMs: positive,
      seed: fc.integer(),
      startMethod: orNull(fc.constantFrom(...startMethods)),
      workerCounts: fc.array(atLeastOne),
      adaptive: orNull(
        fc.record({
          targetHalfWidth: positive,
          timeMs: positive,
          mostBlocks: atLeastOne,
          stoppedBy: fc.constantFrom('narrow' as const, 'blocks' as const, 'time' as const),
          halfWidth: orNull(notNegative),
        }),
      ),
      prepareCommand: orNull(text),
      cleanupCommand: orNull(text),
    }),
    readiness: fc.array(fc.record({ kind: fc.constantFrom(...readinessKinds), message: text, advice: text })),
    sampling: fc.record({
      requestedEveryMs: positive,
      achievedEveryMs: orNull(notNegative),
      missedTicks: count,
      ownCpuShare: orNull(notNegative),
      ownRssBytes: orNull(count),
    }),
    strategies: fc.array(
      fc.record({
        strategy,
        workers: atLeastOne,
        wallMs: estimate,
        speedup: estimate,
        effectiveCores: orNull(notNegative),
        startupMs: orNull(notNegative),
        peakRssBytes: orNull(count),
        peakPssBytes: orNull(count),
        cpuSeconds: orNull(notNegative),
        checksum: orNull(text),
        analysis: orNull(analysis),
        runs: fc.array(run, { maxLength: 6 }),
      }),
      { maxLength: 3 },
    ),
    scaling: fc.array(scaling, { maxLength: 3 }),
    controlPair: orNull(
      fc.record({
        ...cellId,
        ratio: estimate,
        noiseRatio: orNull(positive),
        isBiased: fc.boolean(),
        runs: fc.array(run, { maxLength: 3 }),
      }),
    ),
    verdict: fc.record({
      state: fc.constantFrom(
        'winner' as const,
        'no-difference' as const,
        'not-compared' as const,
        'failed' as const,
      ),
      strategy: orNull(strategy),
      workers: orNull(atLeastOne),
      tied: fc.array(strategy),
      objective: fc.constantFrom(...objectives),
      recommended: orNull(fc.record(cellId)),
      tiedCells: fc.array(fc.record(cellId)),
      wouldChange: text,
      cause,
      sentence: text,
      answer: orNull(
        fc.record({
          aim: text,
          isAimMet: fc.boolean(),
          reasons: fc.array(fc.record({ about: fc.constantFrom(...reasonSubjects), clause: text })),
        }),
      ),
      evidence: fc.array(text),
    }),
  });
}
