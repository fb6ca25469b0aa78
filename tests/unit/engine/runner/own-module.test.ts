import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunOutcome } from '../../../../src/engine/runner/run.ts';
import { type BuiltHosts, buildHosts } from './build-hosts.ts';
import { checksumOf, run, smallRequest } from './real-run.ts';

let hosts: BuiltHosts;
/** A user's project: the files of `files`, and a package in its node_modules. */
let project: string;

const files: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module" }',
  'node_modules/doubling/package.json': '{ "name": "doubling", "main": "index.js" }',
  'node_modules/doubling/index.js': 'module.exports = (number) => 2 * number;',
  'lib/offset.ts': 'export const offset: number = 5;',
  'lib/offset.js': 'export const offset = 5;',

  'task.js': `
    import doubling from 'doubling';
    import { offset } from './lib/offset.js';
    export default ({ task }) => doubling(task) + offset;`,
  'task.mjs': `
    import doubling from 'doubling';
    export default async function ({ task }) { return doubling(task) + 5; }`,
  'task.cjs': `
    const doubling = require('doubling');
    module.exports = ({ task }) => doubling(task) + 5;`,
  'transpiled.cjs': `
    Object.defineProperty(exports, '__esModule', { value: true });
    exports.default = ({ task }) => 2 * task + 5;`,
  'task.ts': `
    import doubling from 'doubling';
    import { offset } from './lib/offset.ts';
    interface Input { readonly task: number }
    export default function work({ task }: Input): number { return doubling(task) + offset; }`,
  'task.mts': `
    enum Offset { Usual = 5 }
    export default ({ task }: { task: number }): number => 2 * task + Offset.Usual;`,

  'told.js': 'export default (input) => ({ z: 1, told: input, a: [undefined, Number.NaN] });',
  'nothing.js': 'export default () => {};',
  'no-default.js': 'export const task = () => 1;',
  'not-a-function.js': 'export default 42;',
  'throws-early.js': 'throw new RangeError("too early");',
  'wrong-syntax.ts': 'export default function (: number { }',
  'wrong-syntax.mjs': 'export default () => 1;\nlet = ;',
  'wrong-syntax.cjs': 'module.exports = () => 1;\n\nlet x = ;',
  'wrong-import.js': 'import "./wrong-syntax.mjs"; export default () => 1;',
  'missing-import.js': 'import "./nowhere.js"; export default () => 1;',
  'throws.js': 'export default ({ task }) => { if (task === 1) throw new TypeError("boom"); return 1; };',
  'other-arguments.js': 'export default (task, tasks) => task / tasks;',
  'wrong-input.js': 'export default (task) => task.toFixed();',
  'never-settles.js': 'export default () => new Promise(() => {});',
  'returns-function.js': 'export default () => () => 1;',
  'returns-bigint.js': 'export default () => 10n;',
  'returns-cycle.js': 'export default () => { const it = {}; it.self = it; return it; };',
};

beforeAll(async () => {
  hosts = await buildHosts();
  project = mkdtempSync(path.join(os.tmpdir(), 'corescope-module-'));
  // Translated TypeScript is kept here and not in the cache of whoever runs the tests.
  vi.stubEnv('XDG_CACHE_HOME', path.join(project, 'cache'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
    writeFileSync(path.join(project, name), text);
  }
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await hosts.remove();
  rmSync(project, { recursive: true });
});

function runModule(
  name: string,
  request: Partial<Parameters<typeof smallRequest>[2]> = {},
): Promise<RunOutcome> {
  return run(
    smallRequest(hosts.files, 'node', {
      workloadId: 'module',
      target: { kind: 'module', path: path.join(project, name) },
      params: {},
      tasks: 3,
      strategy: 'serial',
      ...request,
    }),
  );
}

describe("a user's module", () => {
  it.each(['task.js', 'task.mjs', 'task.cjs', 'transpiled.cjs', 'task.ts', 'task.mts'])(
    'runs as it is: %s',
    async (name) => {
      expect(await runModule(name)).toMatchObject({ state: 'finished', checksum: checksumOf('5', '7', '9') });
    },
  );

  it.each(['serial', 'async', 'threads', 'processes', 'thread-pool', 'process-pool'] as const)(
    'computes the same in %s',
    async (strategy) => {
      expect(await runModule('task.ts', { strategy })).toMatchObject({
        state: 'finished',
        checksum: checksumOf('5', '7', '9'),
      });
    },
  );

  it('is told all about its task, and its result is JSON with sorted keys', async () => {
    const outcome = await runModule('told.js', {
      tasks: 2,
      seed: 42,
      strategy: 'threads',
      params: { depth: 3, mode: 'fast' },
    });
    const results = [0, 1].map(
      (task) =>
        `{"a":[null,null],"told":{"params":{"depth":3,"mode":"fast"},"seed":42,"strategy":"threads","task":${task},"tasks":2,"worker":${task},"workers":2},"z":1}`,
    );
    expect(outcome).toMatchObject({ state: 'finished', checksum: checksumOf(...results) });
  });

  it('may return nothing', async () => {
    expect(await runModule('nothing.js', { tasks: 1 })).toMatchObject({ checksum: checksumOf('null') });
  });

  it.each([
    ['threads', /worker \d ended with exit code 13 before it had done its share/],
    ['processes', /worker \d \(pid \d+\) ended with exit code 13 before it had done its share/],
  ] as const)('that waits for nothing ends in %s as a module of Node does', async (strategy, words) => {
    const outcome = await runModule('never-settles.js', { strategy });
    if (outcome.state !== 'failed') throw new Error(`the run is ${outcome.state}`);
    expect(outcome.problem.message).toMatch(words);
  });

  it.each([
    ['no-default.js', /the module \S+no-default\.js has no default export: write "export default function/],
    [
      'not-a-function.js',
      /the default export of \S+not-a-function\.js is not a function but a value of type number/,
    ],
    [
      'throws-early.js',
      /the module \S+throws-early\.js could not be loaded: RangeError: too early \(line 1\)\.$/,
    ],
    ['wrong-syntax.ts', /the module \S+wrong-syntax\.ts could not be loaded: .*wrong-syntax\.ts:1:\d+\.$/],
    ['wrong-syntax.mjs', /wrong-syntax\.mjs could not be loaded: SyntaxError: .* \(line 2\)\.$/],
    ['wrong-syntax.cjs', /wrong-syntax\.cjs could not be loaded: SyntaxError: .* \(line 3\)\.$/],
    [
      'wrong-import.js',
      /wrong-import\.js could not be loaded: SyntaxError: .*wrong-syntax\.mjs, line 2\)\.$/,
    ],
    ['missing-import.js', /the module \S+missing-import\.js could not be loaded: .*nowhere\.js/],
    ['nonesuch.js', /the module \S+nonesuch\.js could not be loaded: /],
    [
      'throws.js',
      /the task function of \S+throws\.js \(line 1\) threw TypeError: boom; it is given \{ task, tasks, worker/,
    ],
    [
      'other-arguments.js',
      /the task function of \S+ takes 2 arguments, but is called with one object: write "export default function/,
    ],
    [
      'wrong-input.js',
      /\(line 1\) threw TypeError: task\.toFixed is not a function; it is given \{ task, tasks, worker, workers/,
    ],
    [
      'returns-function.js',
      /the task function of \S+ returned a function, which cannot be checked; return numbers/,
    ],
    ['returns-bigint.js', /returned a BigInt, which cannot be checked/],
    [
      'returns-cycle.js',
      /returned an object, which cannot be checked: Converting circular structure to JSON/,
    ],
  ])('%s fails with words that help', async (name, words) => {
    for (const strategy of ['serial', 'thread-pool', 'processes'] as const) {
      const outcome = await runModule(name, { strategy });
      if (outcome.state !== 'failed') throw new Error(`the run is ${outcome.state}`);
      expect(outcome.problem.kind).toBe('work-failed');
      expect(outcome.problem.message).toMatch(words);
    }
  });
});
