import { join } from 'node:path';
import { ownProgram } from '../support/child.ts';
import { findProgram, findPythonWithPsutil } from '../support/find-program.ts';
import { loadBuiltNative } from '../support/native.ts';
import { samplingParameters } from '../support/reading.ts';

/** Who is measured. `ours` comes first; the others are its peers. */
export interface Contestant {
  readonly name: string;
  /** Null where it cannot do this rate at all. */
  readonly command: (rootPid: number, everyMs: number) => readonly string[] | null;
  /** Whether it prints `ready` when warm and a report at its end; the others are given time to warm up. */
  readonly reports: boolean;
  /** What should be known about the comparison. */
  readonly note: string;
}

export interface Absentee {
  readonly name: string;
  readonly reason: string;
}

export interface Field {
  readonly contestants: readonly Contestant[];
  readonly absent: readonly Absentee[];
}

const psutilLoop = join(import.meta.dirname, '..', '..', 'bench', 'programs', 'psutil-loop.py');

function sampling(name: string, program: string, note: string): Contestant {
  return {
    name,
    reports: true,
    note,
    command: (rootPid, everyMs) =>
      ownProgram(program, ...samplingParameters({ rootPid, everyMs, core: null })),
  };
}

function python(interpreter: string, name: string, style: string, note: string): Contestant {
  return {
    name,
    reports: true,
    note,
    command: (rootPid, everyMs) => [interpreter, psutilLoop, String(rootPid), String(everyMs), style],
  };
}

const wholeMachine = 'reads every process of the machine';

/** Ours, and whether it has its native part. */
function findOurs(isWithoutNative: boolean): Contestant {
  const words = isWithoutNative ? ['--without-native'] : [];
  const loaded = loadBuiltNative();
  const glances = isWithoutNative
    ? 'without native code, as asked'
    : loaded.ok
      ? 'glances and stat files by native code'
      : `without native code: ${loaded.problem.message}`;
  return {
    ...sampling('ours', 'sample-ours', `finds the tree, cores, PSS; ${glances}`),
    command: (rootPid, everyMs) =>
      ownProgram('sample-ours', ...samplingParameters({ rootPid, everyMs, core: null }), ...words),
  };
}

/** All that is installed here, and what is not. */
export function findContestants(isWithoutNative: boolean): Field {
  const contestants: Contestant[] = [
    findOurs(isWithoutNative),
    sampling('pidusage', 'sample-pidusage', 'given the pids; no cores'),
    sampling('systeminformation', 'sample-systeminformation', `${wholeMachine}; at the rate it can hold`),
  ];
  const absent: Absentee[] = [];

  function add(name: string, programs: readonly string[], contestant: Omit<Contestant, 'name'>): void {
    const missing = programs.filter((program) => findProgram(program) === null);
    if (missing.length === 0) contestants.push({ name, ...contestant });
    else absent.push({ name, reason: `${missing.join(', ')} not installed` });
  }

  const interpreter = findPythonWithPsutil();
  if (interpreter === null) {
    for (const name of ['psutil', 'psrecord-style']) {
      absent.push({ name, reason: 'no python3 here has psutil' });
    }
  } else {
    contestants.push(
      python(interpreter, 'psutil', 'oneshot', 'given the pids; oneshot, cores'),
      python(interpreter, 'psrecord-style', 'record', 'finds the tree; cores'),
    );
  }
  add('top', ['top'], {
    reports: false,
    note: `${wholeMachine}; batch mode`,
    command: (_, everyMs) => ['top', '-b', '-w', '512', '-d', String(everyMs / 1000)],
  });
  add('htop', ['htop', 'script'], {
    reports: false,
    note: `${wholeMachine}; draws on a terminal of 50 x 200`,
    // Its least delay is one tenth of a second.
    command: (_, everyMs) => [
      'script',
      '-qfc',
      `stty rows 50 cols 200; exec htop -d ${Math.max(1, Math.round(everyMs / 100))}`,
      '/dev/null',
    ],
  });
  add('pidstat', ['pidstat'], {
    reports: false,
    note: `${wholeMachine}; whole seconds only`,
    command: (_, everyMs) => (everyMs < 1000 ? null : ['pidstat', '-r', '-u', String(everyMs / 1000)]),
  });
  return { contestants, absent };
}
