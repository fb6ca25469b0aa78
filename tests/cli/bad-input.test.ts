import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { workloads } from '../../src/engine/workloads/index.ts';
import {
  corescope,
  corescopeOnTerminal,
  startCorescope,
  temporaryFolder,
  tiny,
  waitUntil,
} from './corescope.ts';

const workersAdvice =
  'Choose how many threads or processes share the work; as many as there are cores is a good start.';
const catalogue = workloads.map(({ id }) => id).join(', ');
const usageAdvice = 'See: corescope --help, corescope compare --help';

/** What was typed behind `corescope`, and both lines of the answer. */
const mistakes: readonly { readonly line: string; readonly message: string; readonly advice: string }[] = [
  {
    line: 'compare',
    message: 'Nothing to run is given.',
    advice:
      'Name a workload, a file of your own, or -- and a command; list the workloads with: corescope workloads',
  },
  { line: 'comprae', message: "unknown command 'comprae'.", advice: 'Did you mean compare?' },
  {
    line: 'compare count-loop --worker 2',
    message: "unknown option '--worker'.",
    advice: 'Did you mean --workers?',
  },
  {
    line: 'compare count-loop --quick --blocks 9',
    message: "option '--quick' cannot be used with option '--blocks <n>'.",
    advice: usageAdvice,
  },
  {
    line: 'compare count-lop',
    message: 'There is no workload "count-lop".',
    advice: `Did you mean "count-loop"? Known: ${catalogue}.`,
  },
  {
    line: 'compare fibonacci',
    message: 'There is no workload "fibonacci".',
    advice: `Known: ${catalogue}.`,
  },
  {
    line: 'compare count-loop --strategies serial,thread',
    message: '--strategies: There is no strategy "thread".',
    advice:
      'Did you mean "threads"? Known: serial, async, threads, processes, thread-pool, process-pool, cluster.',
  },
  {
    line: 'compare count-loop --runtime pyton',
    message: '--runtime: There is no runtime "pyton".',
    advice: 'Did you mean "python"? Known: node, python, command.',
  },
  {
    line: 'compare count-loop --workers 0',
    message: '--workers is 0, but must be a whole number from 1 to 256.',
    advice: workersAdvice,
  },
  {
    line: 'compare count-loop --workers -3',
    message: '--workers is -3, but must be a whole number from 1 to 256.',
    advice: workersAdvice,
  },
  {
    line: 'compare count-loop --workers two',
    message: '--workers is "two", but must be a whole number from 1 to 256.',
    advice: workersAdvice,
  },
  {
    line: 'compare count-loop --timeout 0',
    message: '--timeout is 0 seconds, but must be 0.1 to 86400 seconds.',
    advice: 'Choose how long a single run may take before it is ended.',
  },
  {
    line: 'compare count-loop --param n',
    message: '--param n is not a name with a value.',
    advice: 'Write it like --param n=1000000.',
  },
  {
    line: 'compare count-loop --param loops=3',
    message: '--param: Workload "count-loop" has no parameter "loops".',
    advice: 'Its parameters are "n", "rounds".',
  },
  {
    line: 'compare count-loop --param n=0',
    message: '--param: Parameter "n" of workload "count-loop" is 0, below the least, 1.',
    advice: 'Give a whole number from 1 to 100000000.',
  },
  {
    line: 'compare count-loop --runtime python --python /no/such/python',
    message: '--python /no/such/python names no program that can be run.',
    advice: 'Install Python 3.8 or newer, or name one with --python PATH or CORESCOPE_PYTHON.',
  },
  {
    line: 'compare count-loop --blocks 0',
    message: '--blocks is 0, but must be a whole number from 1 to 1000.',
    advice: 'Choose how often each strategy is measured; an interval that can be trusted needs at least 5.',
  },
  {
    line: 'compare count-loop --blocks 3 --precision 2',
    message: '--precision is given, but the number of blocks is fixed.',
    advice: 'Add --blocks auto, or leave --precision out.',
  },
  {
    line: 'compare count-loop --memory-limit lots',
    message: '--memory-limit is "lots", but must be 1.00 MB or more.',
    advice:
      'Give an amount like 500MB or 2GB, or leave the limit out: then a run may not make the machine swap.',
  },
  {
    line: 'compare count-loop --marker (',
    message:
      'The marker pattern ( is no regular expression: Invalid regular expression: /(/u: Unterminated group.',
    advice: "Correct what --marker is given, like 'phase (\\w+)', in quotes.",
  },
  {
    line: 'compare task.py:work --args {}',
    message: '--args {} is not a JSON list.',
    advice: `Write it like --args '["{index}", 10]', in quotes.`,
  },
  {
    line: 'compare count-loop --json same.out --report ./same.out',
    message: '--json and --report both name ./same.out.',
    advice: 'Give the JSON and the report a file each.',
  },
];

describe('a mistake', () => {
  it.each(mistakes)('in "$line" is named, with the next step, and nothing is run', async (mistake) => {
    expect(await corescope(mistake.line.split(' '))).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `corescope: ${mistake.message}\n  ${mistake.advice}\n`,
    });
  });
});

describe('a destination that cannot be written', () => {
  it.each(['--report', '--json'])('is refused before anything is run (%s)', async (option) => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'results'));
    writeFileSync(path.join(folder, 'file'), '');
    const refusal = async (destination: string): Promise<string> => {
      const { exitCode, stdout, stderr } = await corescope(['compare', 'count-loop', option, destination], {
        cwd: folder,
      });
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      return stderr;
    };
    expect(await refusal('missing/out')).toBe(
      `corescope: The folder ${folder}/missing does not exist.\n  Create it first, or choose another path.\n`,
    );
    expect(await refusal('results')).toBe(
      `corescope: ${folder}/results is a folder, not a file.\n  Add a file name to the path.\n`,
    );
    expect(await refusal('file/out')).toBe(
      `corescope: ${folder}/file is a file, not a folder.\n  Choose a path inside a folder.\n`,
    );
    expect(readdirSync(folder).sort()).toEqual(['file', 'results']);
  });
});

describe('a machine without a Python that will do', () => {
  function standIn(folder: string, name: string, script: string): string {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  function compareIn(python: string): ReturnType<typeof corescope> {
    return corescope(['compare', 'sleep', '--runtime', 'python', '--python', python]);
  }

  it('is told what was looked for and how to get one', async () => {
    const empty = temporaryFolder();
    const result = await corescope(['compare', 'count-loop', '--runtime', 'python'], {
      env: { PATH: empty },
    });
    expect(result).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'corescope: No Python was found: tried "python3" and "python" on PATH.\n' +
        '  Install Python 3.8 or newer, or name one with --python PATH or CORESCOPE_PYTHON.\n',
    });
  });

  it('is told of what is no Python at all', async () => {
    const file = standIn(temporaryFolder(), 'python3', 'echo hello');
    const { exitCode, stderr } = await compareIn(file);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      `corescope: --python ${file} is not a Python that works: it said "hello".\n` +
        '  Install Python 3.8 or newer, or name one with --python PATH or CORESCOPE_PYTHON.\n',
    );
  });

  it('is told the version of a Python that is too old', async () => {
    // The real interpreter, made to say that it is 3.7: an old one is not to be had everywhere.
    const file = standIn(
      temporaryFolder(),
      'python3',
      'shift; exec python3 -c "import sys; sys.version = \'3.7.9 (default)\'; sys.version_info = (3, 7, 9); exec(sys.argv[1])" "$1"',
    );
    const { exitCode, stderr } = await compareIn(file);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      `corescope: --python ${file} is Python 3.7.9; Corescope needs 3.8 or newer.\n` +
        '  Install Python 3.8 or newer, or name one with --python PATH or CORESCOPE_PYTHON.\n',
    );
  });
});

describe('a run that fails', () => {
  it('makes the comparison fail with exit code 3 and shows why', async () => {
    const folder = temporaryFolder();
    const args = [
      'compare',
      'sleep',
      '--param',
      'seconds=5',
      '--timeout',
      '0.3',
      '--strategies',
      'serial,threads',
    ];
    const { exitCode, stdout, stderr } = await corescope(
      [...args, '--workers', '2', '--quick', '--warmup', '0', '--json', 'out.json'],
      { cwd: folder },
    );
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/run 1\/6 · block 1 · \w+ × \d · timed out after [\d.]+ m?s/);
    expect(stdout).toContain('No run finished, so there is nothing to compare.');
    expect(existsSync(path.join(folder, 'out.json'))).toBe(true);
  });
});

describe('no colour', () => {
  // Colour libraries take CI for a terminal that shows colours; a file of results does not.
  it.each([{}, { CI: 'true' }])('reaches a pipe, be it of results or of problems (%o)', async (env) => {
    const problem = await corescope(['compare', 'nothing'], { env });
    const result = await corescope(['compare', 'count-loop', ...tiny], { env });
    for (const text of [problem.stderr, result.stdout, result.stderr]) {
      expect(text).not.toBe('');
      expect(text).not.toContain('\u001b');
    }
  });
});

describe('a comparison that would take hours', () => {
  const long = ['compare', 'sleep', '--param', 'seconds=1', '--workers', '1,2', '--blocks', '1000'];
  const length =
    /This comparison of 6005 runs will take about \d+ h \d+ min \(\d+ h \d+ min to \d+ h \d+ min\)\./;

  it('needs --yes where nobody can be asked, and tells from one run how long it would take', async () => {
    const { exitCode, stdout, stderr } = await corescope(long);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^One run first, to tell how long all 6005 may take\.\ncorescope: This/);
    expect(stderr).toMatch(length);
    expect(stderr).toMatch(
      /\n {2}Add --yes to run it all the same, or make it smaller with --blocks, --workers, --strategies or --timeout\.\n$/,
    );
  });

  it('begins at once with --yes', async () => {
    const run = startCorescope([...long, '--yes'], { env: { XDG_STATE_HOME: temporaryFolder() } });
    await waitUntil(() => run.stderr().includes('run 1/6005 '), 'the end of the first run');
    run.child.kill('SIGINT');
    const { exitCode, stderr } = await run.ended;
    expect(exitCode).toBe(130);
    expect(stderr).not.toMatch(/One run first|will take/);
  });

  it.skipIf(spawnSync('script', ['--version']).status !== 0)(
    'is asked about on a terminal, and not begun without a yes',
    async () => {
      const { exitCode, stdout } = await corescopeOnTerminal(long, {}, 'n\n');
      expect(exitCode).toBe(2);
      expect(stdout).toMatch(length);
      expect(stdout).toContain('Go on? [y/N]');
      expect(stdout).toContain('Nothing was compared.');
    },
  );

  it('is neither asked about nor tried out where its time limits rule that out', async () => {
    const { exitCode, stderr } = await corescope(['compare', 'count-loop', ...tiny]);
    expect(exitCode).toBe(0);
    expect(stderr).not.toContain('One run first');
  });
});
