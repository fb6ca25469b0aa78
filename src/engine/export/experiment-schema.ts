import { z } from 'zod';
import { causes, objectives, reasonSubjects } from '../../shared/experiment-analysis.ts';
import {
  disturbanceKinds,
  experimentSchemaId,
  faultEndings,
  readinessKinds,
  type Experiment,
} from '../../shared/experiment.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { runtimes, startMethods, strategyIds } from '../../shared/workload.ts';
import { targetShape } from '../workloads/target-shape.ts';

/**
 * The experiment document as a run-time check (docs/experiment-json.md). Fields that are not named here are dropped:
 * a later Corescope may add fields without a new schema version. Fields that came later have a default: documents
 * of earlier versions do not have them.
 */
const positive = z.number().positive();
const notNegative = z.number().nonnegative();
const count = z.int().nonnegative();
const bytesOrNull = z.int().nonnegative().nullable();
const seed = z.int();

const problem = z.object({ kind: z.string(), message: z.string(), advice: z.string() });

const fault = z.object({
  survivors: count,
  lostTasks: count,
  hostSurvived: z.boolean(),
  noticedAfterMs: notNegative.nullable(),
  howItEnded: z.enum(faultEndings),
});

const runIdentity = {
  order: z.int().positive(),
  block: count,
  warmUp: z.boolean(),
  fault: fault.exactOptional(),
};

const worker = count.nullable();

const usage = z.object({
  voluntarySwitches: notNegative.nullable(),
  involuntarySwitches: notNegative.nullable(),
  majorFaults: notNegative.nullable(),
  runnableMs: notNegative.nullable(),
  throttledMs: notNegative.nullable(),
  blockedMs: notNegative.nullable(),
  slowestWorkerMs: notNegative.nullable(),
  medianWorkerMs: notNegative.nullable(),
});

export const runRecordShape = z.discriminatedUnion('state', [
  z.object({
    ...runIdentity,
    state: z.literal('finished'),
    wallMs: positive,
    startupMs: notNegative,
    workMs: notNegative.nullable().default(null),
    tearDownMs: notNegative.nullable().default(null),
    messageMs: notNegative.nullable().exactOptional(),
    cpuSeconds: notNegative.nullable(),
    effectiveCores: notNegative.nullable(),
    peakRssBytes: bytesOrNull,
    peakPssBytes: bytesOrNull,
    checksum: z.string(),
    lostTasks: count.default(0),
    metrics: z.array(z.object({ name: z.string(), value: z.number(), unit: z.string(), worker })).default([]),
    notes: z.array(z.object({ text: z.string(), worker })).default([]),
    usage: usage.nullable().default(null),
    disturbances: z.array(z.object({ kind: z.enum(disturbanceKinds), detail: z.string() })).default([]),
  }),
  z.object({ ...runIdentity, state: z.literal('failed'), problem }),
  z.object({ ...runIdentity, state: z.literal('timed-out'), afterMs: notNegative }),
  z.object({ ...runIdentity, state: z.literal('cancelled') }),
]);

const holdsMedian = { error: 'the interval does not hold the median' };

/** The lower end may be 0: that of two runs that differ much is, when it is written with three decimals. */
const estimate = z
  .object({ median: positive, ci95: z.tuple([notNegative, positive]) })
  .refine(({ median, ci95: [low, high] }) => low <= median && median <= high, holdsMedian)
  .nullable();

/** Of what may be 0 or below, such as a fraction or a difference. */
const signedEstimate = z
  .object({ median: z.number(), ci95: z.tuple([z.number(), z.number()]) })
  .refine(({ median, ci95: [low, high] }) => low <= median && median <= high, holdsMedian)
  .nullable();

const strategy = z.enum(strategyIds);
const cellId = z.object({ strategy, workers: z.int().positive() });

const cellFindings = z.object({
  isolated: z.boolean(),
  isOnParetoFront: z.boolean(),
  ratioToFastest: estimate,
  efficiency: estimate,
  serialFraction: signedEstimate,
  shiftMs: z
    .object({ shift: z.number(), low: z.number(), high: z.number(), confidence: notNegative })
    .nullable(),
  test: z.object({ u: notNegative, p: notNegative, adjustedP: notNegative }).nullable(),
  outlierBlocks: z.array(count),
  startupMs: signedEstimate,
  peakPssBytes: signedEstimate,
  cpuSeconds: signedEstimate,
  voluntarySwitches: signedEstimate,
  involuntarySwitches: signedEstimate,
  cause: z
    .object({
      cause: z.enum(causes),
      because: z.string(),
      evidence: z.array(z.string()),
      missing: z.array(z.string()),
    })
    .nullable(),
});

const kink = z.object({ atWorkers: z.int().positive(), reason: z.string() });
const whichIsFaster = z.enum(['serial', 'strategy']);

const strategyScaling = z.object({
  strategy,
  fit: z.discriminatedUnion('state', [
    z.object({
      state: z.literal('fitted'),
      law: z.enum(['amdahl', 'usl']),
      oneWorkerMs: positive,
      contention: notNegative,
      coherency: notNegative,
      fromWorkers: z.int().positive(),
      toWorkers: z.int().positive(),
      endsAt: kink.nullable(),
      bestWorkers: z.int().positive(),
      bestWorkersLow: z.int().positive(),
      bestWorkersHigh: z.int().positive(),
      isBestAtEdge: z.boolean(),
    }),
    z.object({ state: z.literal('refused'), reason: z.string(), advice: z.string() }),
  ]),
  kinks: z.array(kink),
  memoryPerWorkerBytes: signedEstimate,
  startupPerWorkerMs: signedEstimate,
  breakEven: z.discriminatedUnion('state', [
    z.object({
      state: z.literal('breaks-even'),
      fasterBeyond: whichIsFaster,
      taskMs: notNegative,
      low: notNegative,
      high: notNegative.nullable(),
    }),
    z.object({ state: z.literal('no-crossing'), faster: whichIsFaster }),
    z.object({ state: z.literal('unknown') }),
  ]),
});

const strategyResult = z.object({
  ...cellId.shape,
  wallMs: estimate,
  speedup: estimate,
  effectiveCores: notNegative.nullable(),
  startupMs: notNegative.nullable(),
  peakRssBytes: bytesOrNull,
  peakPssBytes: bytesOrNull,
  cpuSeconds: notNegative.nullable(),
  checksum: z.string().nullable(),
  analysis: cellFindings.nullable().default(null),
  runs: z.array(runRecordShape),
});

const verdict = z.object({
  state: z.enum(['winner', 'no-difference', 'not-compared', 'failed']),
  strategy: strategy.nullable(),
  workers: z.int().positive().nullable(),
  tied: z.array(strategy),
  objective: z.enum(objectives).default('balanced'),
  recommended: cellId.nullable().default(null),
  tiedCells: z.array(cellId).default([]),
  wouldChange: z.string().default(''),
  cause: z.enum(causes),
  sentence: z.string(),
  answer: z
    .object({
      aim: z.string(),
      isAimMet: z.boolean(),
      reasons: z.array(z.object({ about: z.enum(reasonSubjects), clause: z.string() })),
    })
    .nullable()
    .default(null),
  evidence: z.array(z.string()),
});

export const interpreterShape = z
  .object({
    runtime: z.enum(runtimes),
    version: z.string(),
    executable: z.string(),
    implementation: z.string(),
    gilEnabled: z.boolean().nullable(),
    freeThreadedBuild: z.boolean().nullable().default(null),
    startMethod: z.string().nullable().default(null),
  })
  .nullable();

export const experimentSchema = z.object({
  schema: z.literal(experimentSchemaId),
  corescopeVersion: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: notNegative,
  machine: z.object({
    os: z.string(),
    kernel: z.string(),
    arch: z.string(),
    cpuModel: z.string(),
    logicalCores: z.int().positive(),
    physicalCores: z.int().positive().nullable(),
    memoryBytes: count,
    virtualization: z.string().nullable(),
  }),
  interpreter: interpreterShape,
  workload: z.object({
    id: z.string(),
    runtime: z.enum(runtimes),
    target: targetShape.nullable().default(null),
    params: z.record(z.string(), z.union([z.number(), z.string()])),
    tasks: z.int().positive(),
  }),
  plan: z.object({
    blocks: count,
    warmUpBlocks: count,
    timeoutMs: positive,
    seed,
    memoryLimitBytes: positive.exactOptional(),
    niceLevel: z.int().exactOptional(),
    startMethod: z.enum(startMethods).nullable().default(null),
    workerCounts: z.array(z.int().positive()).default([]),
    adaptive: z
      .object({
        targetHalfWidth: positive,
        timeMs: positive,
        mostBlocks: z.int().positive(),
        stoppedBy: z.enum(['narrow', 'blocks', 'time']),
        halfWidth: notNegative.nullable(),
      })
      .nullable()
      .default(null),
    prepareCommand: z.string().nullable().default(null),
    cleanupCommand: z.string().nullable().default(null),
  }),
  readiness: z
    .array(z.object({ kind: z.enum(readinessKinds), message: z.string(), advice: z.string() }))
    .default([]),
  sampling: z.object({
    requestedEveryMs: positive,
    achievedEveryMs: notNegative.nullable(),
    missedTicks: count,
    ownCpuShare: notNegative.nullable(),
    ownRssBytes: bytesOrNull,
  }),
  strategies: z.array(strategyResult),
  scaling: z.array(strategyScaling).default([]),
  controlPair: z
    .object({
      ...cellId.shape,
      ratio: estimate,
      noiseRatio: positive.nullable(),
      isBiased: z.boolean(),
      runs: z.array(runRecordShape),
    })
    .nullable()
    .default(null),
  verdict,
});

/** The proof that schema and type say the same: a field more, less or different on either side does not compile. */
type Plain<Value> = AnyJson extends Value
  ? 'any JSON'
  : Value extends object
    ? { readonly [Key in keyof Value]: Plain<Value[Key]> }
    : Value;
/** Holds itself: looking into it would not come to an end. */
type AnyJson = z.core.util.JSONType;
/** Without `?`, so that a field that only one side has shows even where it is optional. */
type Complete<Value> = AnyJson extends Value
  ? 'any JSON'
  : Value extends object
    ? { readonly [Key in keyof Value]-?: Complete<Value[Key]> }
    : Value;
type Both<Value> = readonly [Plain<Value>, Complete<Value>];
type IsSame<Left, Right> =
  Both<Left> extends Both<Right> ? (Both<Right> extends Both<Left> ? true : false) : false;
type Proven<Proof extends true> = Proof;
export type SchemaIsTheType = Proven<IsSame<z.infer<typeof experimentSchema>, Experiment>>;

/** Reads the document that `experimentToJson` wrote. */
export function parseExperiment(text: string): Result<Experiment> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return fail(
      'not-json',
      `This is not JSON: ${detail}.`,
      'Choose a file that Corescope saved with "Save as JSON" or --json.',
    );
  }
  const version = z.object({ schema: z.string() }).safeParse(document);
  if (!version.success) {
    return fail(
      'not-an-experiment',
      'This JSON is not a Corescope experiment: it has no "schema".',
      'Choose a file that Corescope saved with "Save as JSON" or --json.',
    );
  }
  if (version.data.schema !== experimentSchemaId) {
    return fail(
      'other-schema',
      `This document has the schema ${version.data.schema}; this Corescope reads ${experimentSchemaId}.`,
      'Open it with the Corescope version that saved it, or a newer one.',
    );
  }
  const parsed = experimentSchema.safeParse(document);
  if (parsed.success) return succeed(parsed.data);
  const [issue] = parsed.error.issues;
  const where = issue === undefined ? 'somewhere' : `at ${issue.path.map(String).join('.') || 'its top'}`;
  return fail(
    'damaged-experiment',
    `The experiment is damaged ${where}: ${issue?.message ?? 'it cannot be read'}.`,
    'Restore the field from the original file, or run the comparison again.',
  );
}
