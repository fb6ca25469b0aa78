import type { PythonDescription, PythonOffer, StrategyOffer, StrategyQuestion } from '../shared/ipc.ts';
import { fail, succeed, type Result } from '../shared/result.ts';
import { strategyAvailability } from '../engine/runner/availability.ts';
import { findNode, findPython, listPythons } from '../engine/runner/interpreters.ts';
import { findWorkload } from '../engine/workloads/index.ts';

/** What the launch form asks before there is a plan. */

export async function listStrategies(question: StrategyQuestion): Promise<Result<readonly StrategyOffer[]>> {
  const workload = findWorkload(question.workloadId);
  if (workload === undefined) {
    return fail(
      'unknown-workload',
      `There is no workload "${question.workloadId}".`,
      'Choose one of those that are listed.',
    );
  }
  const { runtime, pythonPath, workers } = question;
  const interpreter = runtime === 'python' ? await findPython(pythonPath) : await findNode();
  // Without an interpreter nothing runs at all; the form says that by itself.
  const known = interpreter.ok ? interpreter.value : null;
  return succeed(strategyAvailability(runtime, known, workload, process.platform, workers));
}

export async function offerPythons(): Promise<Result<readonly PythonOffer[]>> {
  return succeed(await listPythons());
}

export async function describePython({
  path,
}: {
  readonly path: string;
}): Promise<Result<PythonDescription>> {
  return findPython(path);
}
