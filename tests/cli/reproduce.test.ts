import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Experiment } from '../../src/shared/experiment.ts';
import { reproduceCommand } from '../../src/engine/export/reproduce.ts';
import { parseExperiment } from '../../src/engine/export/experiment-schema.ts';
import { corescope, projectRoot, temporaryFolder } from './corescope.ts';

const binary = path.join(projectRoot, 'bin/corescope.js');

function readDocument(file: string): Experiment {
  const parsed = parseExperiment(readFileSync(file, 'utf8'));
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value;
}

/** What has to be the same when it is run again: what was run, how, and what came out of it. */
function repeatable({ workload, plan, strategies, verdict }: Experiment) {
  return {
    workload,
    plan,
    results: strategies.map(({ strategy, workers, checksum }) => ({ strategy, workers, checksum })),
    compared: verdict.state !== 'not-compared',
  };
}

const quick = ['--blocks', '2', '--warmup', '0', '--workers', '2', '--seed', '5', '--timeout', '30'];

it.each([
  {
    what: 'a module',
    args: ['compare', './task.mjs', '--strategies', 'serial,threads', '--param', 'base=7', ...quick],
  },
  {
    what: 'a Python function with arguments and a start method',
    args: [
      ...['compare', './task.py:work', '--args', '["{index}", "a \'b\'"]', '--start-method', 'spawn'],
      ...['--strategies', 'serial,processes', ...quick],
    ],
  },
  {
    what: 'a command with folder, input, variables and arguments',
    args: [
      ...['compare', '--cwd', 'a folder', '--stdin', 'in.txt', '--env', 'PREFIX=it is', ...quick],
      ...['--', './task.sh', '{index}', '$HOME "quoted"'],
    ],
  },
  {
    what: 'a single run',
    args: ['run', './task.mjs', '--strategy', 'processes', '--workers', '2', '--runs', '2', '--nice', '5'],
  },
])('the printed command repeats $what', async ({ args }) => {
  const cwd = temporaryFolder();
  mkdirSync(path.join(cwd, 'a folder'));
  writeFileSync(path.join(cwd, 'in.txt'), 'input\n');
  writeFileSync(
    path.join(cwd, 'task.mjs'),
    'export default ({ task, params }) => [task, params.base ?? null];\n',
  );
  writeFileSync(path.join(cwd, 'task.py'), 'def work(index, word):\n    return [index, word]\n');
  const script = path.join(cwd, 'a folder', 'task.sh');
  writeFileSync(script, '#!/bin/sh\nread -r line\necho "$PREFIX $line $1 $2 $(basename "$PWD")"\n');
  chmodSync(script, 0o755);

  const [command = '', ...others] = args;
  const first = await corescope([command, '--json', 'first.json', '--quiet', ...others], { cwd });
  expect({ exitCode: first.exitCode, stderr: first.stderr }).toEqual({ exitCode: 0, stderr: '' });
  const document = readDocument(path.join(cwd, 'first.json'));

  const line = reproduceCommand(document);
  const [, , again = ''] = line.split(' ');
  const typed = line.replace(`npx corescope ${again}`, `${again} --json second.json --quiet`);
  execFileSync('sh', ['-c', `exec '${process.execPath}' '${binary}' ${typed}`], { cwd, stdio: 'pipe' });
  expect(repeatable(readDocument(path.join(cwd, 'second.json')))).toEqual(repeatable(document));
});
