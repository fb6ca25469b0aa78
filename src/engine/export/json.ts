import type { CellFindings, Estimate, StrategyScaling, Verdict } from '../../shared/experiment-analysis.ts';
import type {
  Experiment,
  FaultReport,
  RunRecord,
  RunUsage,
  StrategyResult,
} from '../../shared/experiment.ts';

/**
 * The experiment as a JSON document of schema `corescope.experiment/1` (docs/experiment-json.md), two spaces deep,
 * with a line feed at the end. Keys come in the documented order. Times are rounded to 1 µs, CPU seconds to 1 µs,
 * ratios and cores to 0.0001, memory to the byte; parameters and a workload's own figures are left as they are. More digits than that are noise.
 * Throws a RangeError on NaN or infinity, which JSON would silently turn into null.
 */
export function experimentToJson(experiment: Experiment): string {
  return `${JSON.stringify(roundExperiment(experiment), null, 2)}\n`;
}

/** The same experiment with the document's precision and order of keys: what `parseExperiment` gives back. */
export function roundExperiment(experiment: Experiment): Experiment {
  const { machine, interpreter, workload, plan, sampling, verdict } = experiment;
  return {
    schema: experiment.schema,
    corescopeVersion: experiment.corescopeVersion,
    startedAt: experiment.startedAt,
    durationMs: roundTo(experiment.durationMs, 3),
    machine: {
      os: machine.os,
      kernel: machine.kernel,
      arch: machine.arch,
      cpuModel: machine.cpuModel,
      logicalCores: finite(machine.logicalCores),
      physicalCores: finite(machine.physicalCores),
      memoryBytes: roundTo(machine.memoryBytes, 0),
      virtualization: machine.virtualization,
    },
    interpreter:
      interpreter === null
        ? null
        : {
            runtime: interpreter.runtime,
            version: interpreter.version,
            executable: interpreter.executable,
            implementation: interpreter.implementation,
            gilEnabled: interpreter.gilEnabled,
            freeThreadedBuild: interpreter.freeThreadedBuild,
            startMethod: interpreter.startMethod,
          },
    workload: {
      id: workload.id,
      runtime: workload.runtime,
      target: workload.target,
      params: Object.fromEntries(
        Object.entries(workload.params).map(([name, value]) => [
          name,
          typeof value === 'string' ? value : finite(value),
        ]),
      ),
      tasks: finite(workload.tasks),
    },
    plan: {
      blocks: finite(plan.blocks),
      warmUpBlocks: finite(plan.warmUpBlocks),
      timeoutMs: roundTo(plan.timeoutMs, 3),
      seed: finite(plan.seed),
      ...(plan.memoryLimitBytes === undefined ? {} : { memoryLimitBytes: finite(plan.memoryLimitBytes) }),
      ...(plan.niceLevel === undefined ? {} : { niceLevel: finite(plan.niceLevel) }),
      startMethod: plan.startMethod,
      workerCounts: plan.workerCounts.map(finite),
      adaptive:
        plan.adaptive === null
          ? null
          : {
              targetHalfWidth: roundTo(plan.adaptive.targetHalfWidth, 4),
              timeMs: roundTo(plan.adaptive.timeMs, 3),
              mostBlocks: finite(plan.adaptive.mostBlocks),
              stoppedBy: plan.adaptive.stoppedBy,
              halfWidth: roundTo(plan.adaptive.halfWidth, 4),
            },
      prepareCommand: plan.prepareCommand,
      cleanupCommand: plan.cleanupCommand,
    },
    readiness: experiment.readiness.map(({ kind, message, advice }) => ({ kind, message, advice })),
    sampling: {
      requestedEveryMs: roundTo(sampling.requestedEveryMs, 3),
      achievedEveryMs: roundTo(sampling.achievedEveryMs, 3),
      missedTicks: finite(sampling.missedTicks),
      ownCpuShare: roundTo(sampling.ownCpuShare, 4),
      ownRssBytes: roundTo(sampling.ownRssBytes, 0),
    },
    strategies: experiment.strategies.map(roundStrategy),
    scaling: experiment.scaling.map(roundScaling),
    controlPair:
      experiment.controlPair === null
        ? null
        : {
            strategy: experiment.controlPair.strategy,
            workers: finite(experiment.controlPair.workers),
            ratio: roundEstimate(experiment.controlPair.ratio, 4),
            noiseRatio: roundTo(experiment.controlPair.noiseRatio, 4),
            isBiased: experiment.controlPair.isBiased,
            runs: experiment.controlPair.runs.map(roundRun),
          },
    verdict: orderVerdict(verdict),
  };
}

function orderVerdict(verdict: Verdict): Verdict {
  return {
    state: verdict.state,
    strategy: verdict.strategy,
    workers: verdict.workers,
    tied: verdict.tied,
    objective: verdict.objective,
    recommended:
      verdict.recommended === null
        ? null
        : { strategy: verdict.recommended.strategy, workers: verdict.recommended.workers },
    tiedCells: verdict.tiedCells.map(({ strategy, workers }) => ({ strategy, workers })),
    wouldChange: verdict.wouldChange,
    cause: verdict.cause,
    sentence: verdict.sentence,
    answer:
      verdict.answer === null
        ? null
        : {
            aim: verdict.answer.aim,
            isAimMet: verdict.answer.isAimMet,
            reasons: verdict.answer.reasons.map(({ about, clause }) => ({ about, clause })),
          },
    evidence: verdict.evidence,
  };
}

function roundFindings(findings: CellFindings): CellFindings {
  const { shiftMs, test, cause } = findings;
  return {
    isolated: findings.isolated,
    isOnParetoFront: findings.isOnParetoFront,
    ratioToFastest: roundEstimate(findings.ratioToFastest, 4),
    efficiency: roundEstimate(findings.efficiency, 4),
    serialFraction: roundEstimate(findings.serialFraction, 4),
    shiftMs:
      shiftMs === null
        ? null
        : {
            shift: roundTo(shiftMs.shift, 3),
            low: roundTo(shiftMs.low, 3),
            high: roundTo(shiftMs.high, 3),
            confidence: roundTo(shiftMs.confidence, 4),
          },
    test:
      test === null
        ? null
        : { u: roundTo(test.u, 1), p: roundTo(test.p, 6), adjustedP: roundTo(test.adjustedP, 6) },
    outlierBlocks: findings.outlierBlocks.map(finite),
    startupMs: roundEstimate(findings.startupMs, 3),
    peakPssBytes: roundEstimate(findings.peakPssBytes, 0),
    cpuSeconds: roundEstimate(findings.cpuSeconds, 6),
    voluntarySwitches: roundEstimate(findings.voluntarySwitches, 1),
    involuntarySwitches: roundEstimate(findings.involuntarySwitches, 1),
    cause:
      cause === null
        ? null
        : { cause: cause.cause, because: cause.because, evidence: cause.evidence, missing: cause.missing },
  };
}

function roundScaling(scaling: StrategyScaling): StrategyScaling {
  const { fit, breakEven } = scaling;
  return {
    strategy: scaling.strategy,
    fit:
      fit.state === 'refused'
        ? { state: fit.state, reason: fit.reason, advice: fit.advice }
        : {
            state: fit.state,
            law: fit.law,
            oneWorkerMs: roundTo(fit.oneWorkerMs, 3),
            contention: roundTo(fit.contention, 6),
            coherency: roundTo(fit.coherency, 8),
            fromWorkers: finite(fit.fromWorkers),
            toWorkers: finite(fit.toWorkers),
            endsAt:
              fit.endsAt === null ? null : { atWorkers: fit.endsAt.atWorkers, reason: fit.endsAt.reason },
            bestWorkers: finite(fit.bestWorkers),
            bestWorkersLow: finite(fit.bestWorkersLow),
            bestWorkersHigh: finite(fit.bestWorkersHigh),
            isBestAtEdge: fit.isBestAtEdge,
          },
    kinks: scaling.kinks.map(({ atWorkers, reason }) => ({ atWorkers: finite(atWorkers), reason })),
    memoryPerWorkerBytes: roundEstimate(scaling.memoryPerWorkerBytes, 0),
    startupPerWorkerMs: roundEstimate(scaling.startupPerWorkerMs, 3),
    breakEven:
      breakEven.state === 'breaks-even'
        ? {
            state: breakEven.state,
            fasterBeyond: breakEven.fasterBeyond,
            taskMs: roundTo(breakEven.taskMs, 6),
            low: roundTo(breakEven.low, 6),
            high: roundTo(breakEven.high, 6),
          }
        : breakEven,
  };
}

function roundUsage(usage: RunUsage): RunUsage {
  return {
    voluntarySwitches: roundTo(usage.voluntarySwitches, 0),
    involuntarySwitches: roundTo(usage.involuntarySwitches, 0),
    majorFaults: roundTo(usage.majorFaults, 0),
    runnableMs: roundTo(usage.runnableMs, 3),
    throttledMs: roundTo(usage.throttledMs, 3),
    blockedMs: roundTo(usage.blockedMs, 3),
    slowestWorkerMs: roundTo(usage.slowestWorkerMs, 3),
    medianWorkerMs: roundTo(usage.medianWorkerMs, 3),
  };
}

function roundStrategy(result: StrategyResult): StrategyResult {
  return {
    strategy: result.strategy,
    workers: finite(result.workers),
    wallMs: roundEstimate(result.wallMs, 3),
    speedup: roundEstimate(result.speedup, 4),
    effectiveCores: roundTo(result.effectiveCores, 4),
    startupMs: roundTo(result.startupMs, 3),
    peakRssBytes: roundTo(result.peakRssBytes, 0),
    peakPssBytes: roundTo(result.peakPssBytes, 0),
    cpuSeconds: roundTo(result.cpuSeconds, 6),
    checksum: result.checksum,
    analysis: result.analysis === null ? null : roundFindings(result.analysis),
    runs: result.runs.map(roundRun),
  };
}

function roundRun(run: RunRecord): RunRecord {
  const identity = {
    order: finite(run.order),
    block: finite(run.block),
    warmUp: run.warmUp,
    ...(run.fault === undefined ? {} : { fault: roundFault(run.fault) }),
  };
  switch (run.state) {
    case 'finished':
      return {
        ...identity,
        state: run.state,
        wallMs: roundTo(run.wallMs, 3),
        startupMs: roundTo(run.startupMs, 3),
        workMs: roundTo(run.workMs, 3),
        tearDownMs: roundTo(run.tearDownMs, 3),
        ...(run.messageMs === undefined ? {} : { messageMs: roundTo(run.messageMs, 3) }),
        cpuSeconds: roundTo(run.cpuSeconds, 6),
        effectiveCores: roundTo(run.effectiveCores, 4),
        peakRssBytes: roundTo(run.peakRssBytes, 0),
        peakPssBytes: roundTo(run.peakPssBytes, 0),
        checksum: run.checksum,
        lostTasks: finite(run.lostTasks),
        metrics: run.metrics.map(({ name, value, unit, worker }) => ({
          name,
          // JSON has no -0.
          value: value === 0 ? 0 : finite(value),
          unit,
          worker,
        })),
        notes: run.notes.map(({ text, worker }) => ({ text, worker })),
        usage: run.usage === null ? null : roundUsage(run.usage),
        disturbances: run.disturbances.map(({ kind, detail }) => ({ kind, detail })),
      };
    case 'failed': {
      const { kind, message, advice } = run.problem;
      return { ...identity, state: run.state, problem: { kind, message, advice } };
    }
    case 'timed-out':
      return { ...identity, state: run.state, afterMs: roundTo(run.afterMs, 3) };
    case 'cancelled':
      return { ...identity, state: run.state };
  }
}

function roundFault({
  survivors,
  lostTasks,
  hostSurvived,
  noticedAfterMs,
  howItEnded,
}: FaultReport): FaultReport {
  return { survivors, lostTasks, hostSurvived, noticedAfterMs: roundTo(noticedAfterMs, 3), howItEnded };
}

function roundEstimate(estimate: Estimate | null, decimals: number): Estimate | null {
  if (estimate === null) return null;
  const [low, high] = estimate.ci95;
  return {
    median: roundTo(estimate.median, decimals),
    ci95: [roundTo(low, decimals), roundTo(high, decimals)],
  };
}

function roundTo<Value extends number | null>(value: Value, decimals: number): Value | number {
  if (value === null) return value;
  const rounded = Number(finite(value).toFixed(decimals));
  return rounded === 0 ? 0 : rounded;
}

function finite<Value extends number | null>(value: Value): Value {
  if (value !== null && !Number.isFinite(value)) throw new RangeError(`${value} cannot be written as JSON`);
  return value;
}
