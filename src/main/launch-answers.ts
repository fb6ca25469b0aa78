import type {
  InterpreterChoice,
  PythonDescription,
  PythonOffer,
  StrategyOffer,
  StrategyQuestion,
} from '../shared/ipc.ts';
import { fail, succeed, type Result } from '../shared/result.ts';
import type { Runtime } from '../shared/workload.ts';
import { strategyAvailability } from '../engine/runner/availability.ts';
import {
  describeNode,
  describePython as askPython,
  findNode,
  findPython,
  listPythons,
} from '../engine/runner/interpreters.ts';
import { findWorkload } from '../engine/workloads/index.ts';

/** What the launch form asks before there is a plan. */

/** Which interpreters the user's settings name; null: the one that is found. */
export interface PreferredInterpreters {
  readonly pythonPath: string | null;
  readonly nodePath: string | null;
}

/** The Python that a plan names, else the one of the settings, else the one that is found. */
export async function choosePython(
  planned: string | null,
  preferred: PreferredInterpreters,
): Promise<Result<PythonDescription>> {
  const path = planned ?? preferred.pythonPath;
  return path === null ? findPython(null) : askPython(path);
}

export async function chooseNode({ nodePath }: PreferredInterpreters): Promise<Result<InterpreterChoice>> {
  return nodePath === null ? findNode() : describeNode(nodePath);
}

/** An interpreter is asked again after this long; until then every change of a field would start one. */
const rememberedForMs = 60_000;
const remembered = new Map<string, { readonly version: string; readonly atMs: number }>();

export async function listStrategies(
  question: StrategyQuestion,
  preferred: PreferredInterpreters,
): Promise<Result<readonly StrategyOffer[]>> {
  const workload = findWorkload(question.workloadId);
  if (workload === undefined) {
    return fail(
      'unknown-workload',
      `There is no workload "${question.workloadId}".`,
      'Choose one of those that are listed.',
    );
  }
  const { runtime, pythonPath, workers } = question;
  const version = await versionOf(runtime, pythonPath, preferred);
  // Without an interpreter nothing runs at all; the form says that by itself.
  const known = version === null ? null : { version };
  return succeed(strategyAvailability(runtime, known, workload, process.platform, workers));
}

async function versionOf(
  runtime: Runtime,
  pythonPath: string | null,
  preferred: PreferredInterpreters,
): Promise<string | null> {
  if (runtime === 'command') return null;
  const place = `${runtime} ${pythonPath ?? ''}`;
  const known = remembered.get(place);
  if (known !== undefined && performance.now() - known.atMs < rememberedForMs) return known.version;
  const found =
    runtime === 'python' ? await choosePython(pythonPath, preferred) : await chooseNode(preferred);
  if (!found.ok) return null;
  const { version } = found.value;
  remembered.set(place, { version, atMs: performance.now() });
  return version;
}

export async function offerPythons(): Promise<Result<readonly PythonOffer[]>> {
  return succeed(await listPythons());
}

export async function describePython({
  path,
}: {
  readonly path: string;
}): Promise<Result<PythonDescription>> {
  return askPython(path);
}
