import os from 'node:os';
import which from 'which';
import { z } from 'zod';
import type { InterpreterChoice } from '../../shared/ipc.ts';
import { fail, type Problem, type Result, succeed } from '../../shared/result.ts';
import { summarizeOutput } from './output-tail.ts';
import { answerMark, type ProbeOutcome, runProbe } from './probe.ts';
import { findPythonPlaces, type PythonSurroundings } from './python-places.ts';

/** Where interpreters are looked for; tests put other places in. */
export interface Surroundings extends PythonSurroundings {
  /** The program that runs us, and its Electron version where it is one. */
  readonly execPath: string;
  readonly electronVersion: string | null;
  /** How long an interpreter may take to describe itself. The slowest real one (a cold disk, a shim) takes 2 s. */
  readonly probeLimitMs: number;
}

function ownSurroundings(): Surroundings {
  return {
    environment: process.env,
    platform: process.platform,
    homeFolder: os.homedir(),
    workingFolder: process.cwd(),
    execPath: process.execPath,
    electronVersion: process.versions['electron'] ?? null,
    probeLimitMs: 5_000,
  };
}

const oldestPython = [3, 8] as const;
const oldestNodeMajor = 20;
const pythonVariable = 'CORESCOPE_PYTHON';
/** For whoever chose it in a window. */
function choiceAdvice(what: string): string {
  return `Choose the program of a ${what} or newer, or clear the choice to take the first on PATH.`;
}
const pythonAdvice = `Install Python ${oldestPython.join('.')} or newer, or name one with --python PATH or ${pythonVariable}.`;

/** How multiprocessing makes its processes. */
export const startMethods = ['fork', 'spawn', 'forkserver'] as const;
export type StartMethod = (typeof startMethods)[number];

/** A Python that can run workloads. */
export interface PythonChoice extends InterpreterChoice {
  /** Whether it was built to run without the global interpreter lock; null where that is not CPython's question. */
  readonly freeThreadedBuild: boolean | null;
  /** What it has on this system; the first is what it takes by itself. */
  readonly startMethods: readonly StartMethod[];
}

/** Runs on every Python from 2.7: an old one is to be told from a wrong one. */
const pythonProbe = `
import json, sys
name = sys.implementation.name if hasattr(sys, "implementation") else "cpython"
ask = getattr(sys, "_is_gil_enabled", None)
free_threaded = None
if name == "cpython":
    import sysconfig
    free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
methods = []
try:
    import multiprocessing
    own = multiprocessing.get_start_method()
    methods = sorted(multiprocessing.get_all_start_methods(), key=lambda method: method != own)
except Exception:
    pass  # Python 2, or one that was built without: it still has threads.
print("${answerMark}" + json.dumps({
    "version": sys.version.split()[0],
    "major": sys.version_info[0],
    "minor": sys.version_info[1],
    "executable": sys.executable,
    "prefix": sys.prefix,
    "implementation": {"cpython": "CPython", "pypy": "PyPy"}.get(name, name),
    "gilEnabled": ask() if ask else (True if name in ("cpython", "pypy") else None),
    "freeThreadedBuild": free_threaded,
    "startMethods": methods,
}))
`;

const pythonAnswer = z.object({
  version: z.string(),
  major: z.int(),
  minor: z.int(),
  executable: z.string().nullable(),
  prefix: z.string(),
  implementation: z.string(),
  gilEnabled: z.boolean().nullable(),
  freeThreadedBuild: z.boolean().nullable(),
  startMethods: z.array(z.enum(startMethods)),
});

/** A way to call an interpreter. */
interface Candidate {
  readonly command: string;
  readonly args: readonly string[];
  /** Where the choice of this one comes from, for messages: `"python3" on PATH`. */
  readonly origin: string;
  /** The user's own words are kept as they are; what a lookup found is replaced by the program behind it. */
  readonly chosenByUser: boolean;
}

/**
 * Finds the Python to run workloads with: `explicitPath`, else $CORESCOPE_PYTHON, else the first on PATH that
 * will do (`python3`, then `python`; on Windows also `py -3`).
 */
export async function findPython(
  explicitPath: string | null,
  surroundings: Surroundings = ownSurroundings(),
): Promise<Result<PythonChoice>> {
  const { environment } = surroundings;
  const named = explicitPath ?? environment[pythonVariable] ?? '';
  if (named !== '') {
    const origin = explicitPath === null ? `${pythonVariable} (${named})` : `--python ${named}`;
    const [command] = await lookUp(named, surroundings);
    if (command === undefined) {
      return fail('python-not-found', noProgram(origin), pythonAdvice);
    }
    return choicePart(await probePython({ command, args: [], origin, chosenByUser: true }, surroundings));
  }

  const tried = surroundings.platform === 'win32' ? ['python3', 'python', 'py'] : ['python3', 'python'];
  const problems: Problem[] = [];
  for (const name of tried) {
    for (const command of await lookUp(name, surroundings)) {
      const candidate = {
        command,
        args: name === 'py' ? ['-3'] : [],
        origin: command,
        chosenByUser: false,
      };
      const result = await probePython(candidate, surroundings);
      if (result.ok) return choicePart(result);
      problems.push(result.problem);
    }
  }
  // A Python that is too old says more than one that is none.
  const telling = problems.find(({ kind }) => kind === 'python-too-old') ?? problems[0];
  return telling === undefined
    ? fail(
        'python-not-found',
        `No Python was found: tried ${tried.map((name) => `"${name}"`).join(' and ')} on PATH.`,
        pythonAdvice,
      )
    : { ok: false, problem: telling };
}

/** Asks the Python at `path` what it is. Unlike `findPython` it speaks to somebody who chose it in a window. */
export async function describePython(
  path: string,
  surroundings: Surroundings = ownSurroundings(),
): Promise<Result<PythonChoice>> {
  const advice = choiceAdvice(`Python ${oldestPython.join('.')}`);
  const [command] = await lookUp(path, surroundings);
  if (command === undefined) return fail('python-not-found', noProgram(path), advice);
  const candidate = { command, args: [], origin: path, chosenByUser: true };
  return choicePart(await probePython(candidate, surroundings, advice));
}

function noProgram(origin: string): string {
  return `${origin} names no program that can be run.`;
}

function choicePart(probed: Result<ProbedPython>): Result<PythonChoice> {
  return probed.ok ? succeed(probed.value.choice) : probed;
}

/** One of the Pythons that are here: as it described itself, or why it will not do. */
export type ListedPython = {
  /** The program to name with --python. */
  readonly path: string;
  /** Whence it is known, the first first: `PATH`, `pyenv`, `active virtual environment` … */
  readonly origins: readonly string[];
} & (
  | { readonly state: 'usable'; readonly python: PythonChoice }
  | { readonly state: 'unusable'; readonly problem: Problem }
);

/** Longer than any Python takes that is not hung; a list that is waited for longer is no help. */
const listLimitMs = 2_000;

/**
 * Lists the Pythons of this machine, those that the user most likely means first: the active environment, the
 * working folder's, PATH, pyenv, conda, the Windows launcher. Each is asked once, all at the same time; the same
 * installation found at several places is one.
 */
export async function listPythons(
  surroundings: Surroundings = ownSurroundings(),
): Promise<readonly ListedPython[]> {
  const probeLimitMs = Math.min(surroundings.probeLimitMs, listLimitMs);
  const places = await findPythonPlaces({ ...surroundings, probeLimitMs });
  const probed = await Promise.all(
    places.map(async ({ command, origin }) => {
      const candidate = { command, args: [], origin: command, chosenByUser: false };
      return { command, origin, result: await probePython(candidate, { ...surroundings, probeLimitMs }) };
    }),
  );
  const listed = new Map<string, ListedPython>();
  for (const { command, origin, result } of probed) {
    const key = result.ok ? `${result.value.prefix}\0${result.value.choice.version}` : command;
    const known = listed.get(key);
    if (known !== undefined) {
      if (!known.origins.includes(origin)) {
        listed.set(key, { ...known, origins: [...known.origins, origin] });
      }
    } else if (result.ok) {
      const python = result.value.choice;
      listed.set(key, { path: python.path, origins: [origin], state: 'usable', python });
    } else {
      listed.set(key, { path: command, origins: [origin], state: 'unusable', problem: result.problem });
    }
  }
  return [...listed.values()];
}

/** A Python, and the folder of its installation or environment, which tells it from others. */
interface ProbedPython {
  readonly choice: PythonChoice;
  readonly prefix: string;
}

async function probePython(
  candidate: Candidate,
  surroundings: Surroundings,
  advice = pythonAdvice,
): Promise<Result<ProbedPython>> {
  const outcome = await runProbe(
    candidate.command,
    [...candidate.args, '-c', pythonProbe],
    surroundings.environment,
    surroundings.probeLimitMs,
  );
  const answer = pythonAnswer.safeParse(outcome.state === 'answered' ? outcome.answer : undefined);
  if (!answer.success) {
    return fail('python-unusable', describeFailure('Python', candidate.origin, outcome), advice);
  }
  const { major, minor, executable, prefix, ...described } = answer.data;
  const [oldestMajor, oldestMinor] = oldestPython;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    return fail(
      'python-too-old',
      `${candidate.origin} is Python ${described.version}; Corescope needs ${oldestPython.join('.')} or newer.`,
      advice,
    );
  }
  // A version manager's shim is a shell script that looks the real one up at every start: some 100 ms a run.
  const behind = candidate.chosenByUser || executable === null || executable === '' ? null : executable;
  return succeed({ choice: { path: behind ?? candidate.command, ...described }, prefix });
}

const nodeProbe = `
console.log(${JSON.stringify(answerMark)} + JSON.stringify({
  version: process.versions.node,
  executable: process.execPath,
}))
`;
const nodeAnswer = z.object({ version: z.string(), executable: z.string() });

/**
 * Finds the Node to run workloads with: the one that runs us, or, inside Electron, the first on PATH from Node 20;
 * else Electron's own binary as Node, which the runner starts with ELECTRON_RUN_AS_NODE=1.
 */
export async function findNode(
  surroundings: Surroundings = ownSurroundings(),
): Promise<Result<InterpreterChoice>> {
  const { execPath, electronVersion } = surroundings;
  if (electronVersion === null) return probeNode(execPath, 'V8', surroundings);
  for (const command of await lookUp('node', surroundings)) {
    const result = await probeNode(command, 'V8', surroundings);
    if (result.ok) return result;
  }
  return probeNode(execPath, `V8 (Electron ${electronVersion} as Node)`, surroundings);
}

/** Asks the Node at `path` what it is, for somebody who chose it in a window. */
export async function describeNode(
  path: string,
  surroundings: Surroundings = ownSurroundings(),
): Promise<Result<InterpreterChoice>> {
  const advice = choiceAdvice(`Node ${oldestNodeMajor}`);
  const [command] = await lookUp(path, surroundings);
  if (command === undefined) return fail('node-not-found', noProgram(path), advice);
  return probeNode(command, 'V8', surroundings, advice);
}

async function probeNode(
  command: string,
  implementation: string,
  surroundings: Surroundings,
  advice = `Install Node ${oldestNodeMajor} or newer, so that "node" is found on PATH.`,
): Promise<Result<InterpreterChoice>> {
  const outcome = await runProbe(
    command,
    ['-e', nodeProbe],
    { ...surroundings.environment, NODE_OPTIONS: '', ELECTRON_RUN_AS_NODE: '1' },
    surroundings.probeLimitMs,
  );
  const answer = nodeAnswer.safeParse(outcome.state === 'answered' ? outcome.answer : undefined);
  if (!answer.success) return fail('node-unusable', describeFailure('Node', command, outcome), advice);
  const { version, executable } = answer.data;
  if (Number.parseInt(version, 10) < oldestNodeMajor) {
    return fail(
      'node-too-old',
      `${command} is Node ${version}; Corescope needs ${oldestNodeMajor} or newer.`,
      advice,
    );
  }
  return succeed({ path: executable, version, implementation, gilEnabled: null });
}

/** Programs of that name on PATH, best first; a path stands for itself. */
function lookUp(name: string, { environment }: Surroundings): Promise<readonly string[]> {
  const places = environment['PATH'] ?? environment['Path'] ?? '';
  return which(name, { all: true, nothrow: true, path: places }).then((found) => found ?? []);
}

function describeFailure(what: string, origin: string, outcome: ProbeOutcome): string {
  switch (outcome.state) {
    case 'hung':
      return `${origin} did not answer within its time and was ended; it does not seem to be ${what}.`;
    case 'not-started':
      return `${origin} could not be started: ${outcome.reason}.`;
    case 'other': {
      const said = summarizeOutput(outcome.output);
      return `${origin} is not a ${what} that works: it said ${said === '' ? 'nothing' : JSON.stringify(said)}.`;
    }
    case 'answered':
      return `${origin} gave an answer that is not ${what}'s.`;
  }
}
