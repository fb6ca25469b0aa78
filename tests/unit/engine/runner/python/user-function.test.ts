import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checksumOf, failureOf, finishOf, type Plan, python, runHost, ways } from './python-host.ts';

const fileOf = (name: string): string => fileURLToPath(new URL(`user/${name}`, import.meta.url));

function calls(functionName: string, args: readonly unknown[], file = 'work.py'): Partial<Plan> {
  const target = { kind: 'function' as const, path: fileOf(file), functionName, args };
  return { workloadId: 'function', target, params: {}, tasks: 3 };
}

async function checksum(plan: Partial<Plan>): Promise<string> {
  return finishOf(await runHost(plan)).checksum;
}

describe.skipIf(python === null)("the user's function", () => {
  // sha256 of "corescope".
  const raw = 'sha256:1059b965f7bf8fce45c9c049ec3084dd3cfdb966c338844476522d5d21dc04da';

  it.each(ways)('gives the same as $strategy ($startMethod)', async (way) => {
    const plan = calls('describe', [
      '{index}',
      'task {index} of {tasks}, {seed}',
      ['{seed}', { at: '{index}' }],
    ]);
    const results = [0, 1, 2].map(
      (task) =>
        `{"doubled": ${2 * task}, "options": [7, {"at": ${task}}], "raw": "${raw}", "text": "task ${task} of 3, 7"}`,
    );
    expect(await checksum({ ...plan, ...way })).toBe(checksumOf(...results));
  });

  const awaitingWays = ways.filter(
    ({ startMethod }) => startMethod !== 'fork' && startMethod !== 'forkserver',
  );
  it.each(awaitingWays)('is awaited if it is async, as $strategy ($startMethod)', async (way) => {
    expect(await checksum({ ...calls('wait', ['{index}']), ...way })).toBe(checksumOf('[0]', '[1]', '[2]'));
  });

  it('may be a method', async () => {
    expect(await checksum(calls('Counter.count', ['{index}']))).toBe(checksumOf('1', '2', '3'));
  });

  it('gets its own lists for each task', async () => {
    expect(await checksum(calls('changes_its_argument', [[0]]))).toBe(
      checksumOf('[0, 1]', '[0, 1]', '[0, 1]'),
    );
  });

  it('takes as many arguments as it likes behind those that it needs', async () => {
    expect(await checksum(calls('at_least_two', [1, 2, 3]))).toBe(
      checksumOf('[1, 2, 3]', '[1, 2, 3]', '[1, 2, 3]'),
    );
  });

  it.each(['threads', 'thread-pool'])(
    'shares with the other %s what stands outside functions',
    async (strategy) => {
      const plan = { ...calls('waits_for_all_three', ['{index}']), strategy, workers: 3 };
      expect(await checksum(plan)).toBe(checksumOf('0', '1', '2'));
    },
  );

  it.each(ways)('can be sent to a process by the work, as $strategy ($startMethod)', async (way) => {
    expect(await checksum({ ...calls('is_itself_when_pickled', []), ...way })).toBe(
      checksumOf('true', 'true', 'true'),
    );
  });

  it.each(['processes', 'process-pool', 'thread-pool'])(
    'may lie in a file that is called like a module of the library (%s)',
    async (strategy) => {
      expect(
        await checksum({ ...calls('task', ['{index}'], 'queue.py'), strategy, startMethod: 'spawn' }),
      ).toBe(checksumOf('0', '1', '2'));
    },
  );
});

describe.skipIf(python === null)("a fault in the user's function is told with its place and its fix:", () => {
  const work = fileOf('work.py');
  const cases: readonly { what: string; plan: Partial<Plan>; message: string }[] = [
    {
      what: 'no such file',
      plan: calls('task', [], 'nowhere.py'),
      message: `there is no file ${fileOf('nowhere.py')}: give the path of a Python file, as in work.py:function`,
    },
    {
      what: 'a name that is nearly right',
      plan: calls('descibe', []),
      message: `${work} has no function "descibe": did you mean "describe"?`,
    },
    {
      what: 'a name that is nothing like any',
      plan: calls('zzz', ['{index}'], 'queue.py'),
      message: `${fileOf('queue.py')} has no function "zzz": it has task`,
    },
    {
      what: 'a name of something else',
      plan: calls('limit', []),
      message: `limit in ${work} is of type int, not a function: name a function of that file`,
    },
    {
      what: 'too few arguments',
      plan: calls('describe', ['{index}']),
      message: `${work}:describe takes 2 to 3 arguments (index, text, options), but 1 is given: change the arguments (--args) or the function`,
    },
    {
      what: 'too many arguments',
      plan: calls('wait', [1, 2]),
      message: `${work}:wait takes 1 argument (index), but 2 are given: change the arguments (--args) or the function`,
    },
    {
      what: 'an argument by keyword only',
      plan: calls('by_keyword', []),
      message: `${work}:by_keyword needs "index" by keyword, which cannot be given: let it have a default`,
    },
    {
      what: 'an import that is missing',
      plan: calls('task', [], 'imports_missing.py'),
      message: `${fileOf('imports_missing.py')} could not be imported: ModuleNotFoundError: No module named 'no_such_module' (line 1); install what is missing for ${python?.path ?? ''}, or choose the Python that has it`,
    },
    {
      what: 'a program without a guard',
      plan: calls('task', [], 'no_guard.py'),
      message: `${fileOf('no_guard.py')} ends the program when it is imported: put that below \`if __name__ == "__main__":\``,
    },
    {
      what: 'a result that cannot be checked',
      plan: calls('returns_a_set', ['{index}']),
      message: `worker 1 failed: ${work}:returns_a_set returned a set in a list, which cannot be checked: return numbers, text, bytes, None, or lists and dicts of them`,
    },
    {
      what: 'a result without end',
      plan: calls('returns_itself', ['{index}']),
      message: `worker 1 failed: ${work}:returns_itself returned a list (Circular reference detected), which cannot be checked: return numbers, text, bytes, None, or lists and dicts of them`,
    },
    {
      what: 'an exception of its own',
      plan: calls('raises', ['{index}']),
      message: 'worker 1 failed: LookupError: no 0',
    },
  ];

  it.each(cases)('$what', async ({ plan, message }) => {
    const run = await runHost(plan);
    expect(failureOf(run)).toBe(message);
    expect(run.code).toBe(1);
  });

  it('a file that does not compile', async () => {
    const run = await runHost(calls('broken', [], 'broken_syntax.py'));
    const file = fileOf('broken_syntax.py');
    // In one line, whatever each version of Python calls it.
    expect(failureOf(run)).toMatch(/^\S+ could not be imported: SyntaxError: .+, line \d+\)$/);
    expect(failureOf(run)).toContain(`${file} could not be imported: `);
    expect(failureOf(run)).toContain(`(${file}, line `);
  });
});
