import which from 'which';
import { z } from 'zod';
import { type InterpreterChoice } from '../../shared/ipc.ts';
import { fail, type Problem, type Result, succeed } from '../../shared/result.ts';
import { summarizeOutput } from './output-tail.ts';
import { answerMark, type ProbeOutcome, runProbe } from './probe.ts';

/** Where interpreters are looked for; tests put other places in. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
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
    execPath: process.execPath,
    electronVersion: process.versions['electron'] ?? null,
    probeLimitMs: 5_000,
  };
}

const oldestPython = [3, 8] as const;
const oldestNodeMajor = 20;
const pythonVariable = 'CORESCOPE_PYTHON';
const pythonAdvice = `Install Python ${oldestPython.join('.')} or newer, or name one with --python PATH or ${pythonVariable}.`;

/** Runs on every Python from 2.7: an old one is to be told from a wrong one. */
const pythonProbe = `
import json, sys
name = sys.implementation.name if hasattr(sys, "implementation") else "cpython"
ask = getattr(sys, "_is_gil_enabled", None)
print("${answerMark}" + json.dumps({
    "version": sys.version.split()[0],
    "major": sys.version_info[0],
    "minor": sys.version_info[1],
    "executable": sys.executable,
    "implementation": {"cpython": "CPython", "pypy": "PyPy"}.get(name, name),
    "gilEnabled": ask() if ask else (True if name in ("cpython", "pypy") else None),
}))
`;

const pythonAnswer = z.object({
  version: z.string(),
  major: z.int(),
  minor: z.int(),
  executable: z.string().nullable(),
  implementation: z.string(),
  gilEnabled: z.boolean().nullable(),
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
): Promise<Result<InterpreterChoice>> {
  const { environment } = surroundings;
  const named = explicitPath ?? environment[pythonVariable] ?? '';
  if (named !== '') {
    const origin = explicitPath === null ? `${pythonVariable} (${named})` : `--python ${named}`;
    const [command] = await lookUp(named, surroundings);
    if (command === undefined) {
      return fail('python-not-found', `${origin} names no program that can be run.`, pythonAdvice);
    }
    return probePython({ command, args: [], origin, chosenByUser: true }, surroundings);
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
      if (result.ok) return result;
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

async function probePython(
  candidate: Candidate,
  surroundings: Surroundings,
): Promise<Result<InterpreterChoice>> {
  const outcome = await runProbe(
    candidate.command,
    [...candidate.args, '-c', pythonProbe],
    surroundings.environment,
    surroundings.probeLimitMs,
  );
  const answer = pythonAnswer.safeParse(outcome.state === 'answered' ? outcome.answer : undefined);
  if (!answer.success) {
    return fail('python-unusable', describeFailure('Python', candidate.origin, outcome), pythonAdvice);
  }
  const { version, major, minor, executable, implementation, gilEnabled } = answer.data;
  const [oldestMajor, oldestMinor] = oldestPython;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    return fail(
      'python-too-old',
      `${candidate.origin} is Python ${version}; Corescope needs ${oldestPython.join('.')} or newer.`,
      pythonAdvice,
    );
  }
  // A version manager's shim is a shell script that looks the real one up at every start: some 100 ms a run.
  const behind = candidate.chosenByUser || executable === null || executable === '' ? null : executable;
  return succeed({ path: behind ?? candidate.command, version, implementation, gilEnabled });
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

async function probeNode(
  command: string,
  implementation: string,
  surroundings: Surroundings,
): Promise<Result<InterpreterChoice>> {
  const advice = `Install Node ${oldestNodeMajor} or newer, so that "node" is found on PATH.`;
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
