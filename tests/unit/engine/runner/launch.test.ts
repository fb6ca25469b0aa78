import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareLaunch } from '../../../../src/engine/runner/launch.ts';
import type { RunRequest } from '../../../../src/engine/runner/run.ts';
import { workloads } from '../../../../src/engine/workloads/index.ts';

const request: RunRequest = {
  runtime: 'node',
  workloadId: 'count-loop',
  params: { n: 5 },
  tasks: 3,
  strategy: 'threads',
  workers: 8,
  timeoutMs: 1_000,
  interpreterPath: '/opt/node',
  hostFiles: { nodeHost: '/app/run-host.js', pythonFolder: '/app/python' },
};

describe('the launch of a host', () => {
  it('hands the complete plan over on one line, with no more workers than tasks', () => {
    expect(prepareLaunch(request, {})).toEqual({
      ok: true,
      value: {
        command: '/opt/node',
        args: ['/app/run-host.js'],
        environment: { ELECTRON_RUN_AS_NODE: '1' },
        planLine:
          '{"protocol":3,"workloadId":"count-loop","target":null,"params":{"n":5,"rounds":40},"tasks":3,"strategy":"threads","workers":3,"startMethod":null,"seed":0,"onWorkerFailure":"stop"}\n',
      },
    });
  });

  it('has one worker in serial', () => {
    expect(prepareLaunch({ ...request, strategy: 'serial' }, {})).toMatchObject({
      value: { planLine: expect.stringContaining('"workers":1,') as string },
    });
  });

  it('hands over how many tasks may be under way on an event loop', () => {
    expect(prepareLaunch({ ...request, strategy: 'async', workers: 2 }, {})).toMatchObject({
      value: { planLine: expect.stringContaining('"strategy":"async","workers":2,') as string },
    });
  });

  it("lets the Node host run a command, and tells it the user's own work", () => {
    const target = {
      kind: 'command',
      argv: ['true'],
      cwd: null,
      stdinFile: null,
      environment: {},
    } as const;
    const own = { ...request, runtime: 'command', workloadId: 'command', params: {}, target } as const;
    expect(prepareLaunch({ ...own, strategy: 'copies', seed: 3 }, {})).toMatchObject({
      value: {
        args: ['/app/run-host.js'],
        planLine: expect.stringContaining(
          '"target":{"kind":"command","argv":["true"],"cwd":null,"stdinFile":null,"environment":{}},"params":{},"tasks":3,"strategy":"copies","workers":3,"startMethod":null,"seed":3,',
        ) as string,
      },
    });
  });

  it('starts Python without writing bytecode beside its files', () => {
    expect(prepareLaunch({ ...request, runtime: 'python' }, {})).toMatchObject({
      value: { args: ['-B', path.join('/app/python', 'run_host.py')] },
    });
  });

  it("keeps the user's environment, but not what Corescope itself was started with", () => {
    const inherited = {
      PATH: '/bin',
      LANG: 'C',
      NODE_OPTIONS: '--require debugger.js',
      NODE_V8_COVERAGE: '/tmp/coverage',
      ELECTRON_RUN_AS_NODE: '1',
    };
    expect(prepareLaunch({ ...request, runtime: 'python' }, inherited)).toMatchObject({
      value: { environment: { PATH: '/bin', LANG: 'C' } },
    });
    const launch = prepareLaunch({ ...request, runtime: 'python' }, inherited);
    expect(launch.ok && Object.keys(launch.value.environment)).toEqual(['PATH', 'LANG']);
  });

  it('names the workloads there are where there is none of that name', () => {
    expect(prepareLaunch({ ...request, workloadId: 'count-lop' }, {})).toEqual({
      ok: false,
      problem: {
        kind: 'unknown-workload',
        message: 'There is no workload "count-lop".',
        advice: `Choose one of ${workloads.map(({ id }) => `"${id}"`).join(', ')}.`,
      },
    });
  });

  it('refuses parameters out of range', () => {
    expect(prepareLaunch({ ...request, params: { n: 0 } }, {})).toMatchObject({
      ok: false,
      problem: { kind: 'parameter-out-of-range' },
    });
  });

  it.each([{ tasks: 0 }, { tasks: 1.5 }, { workers: 0 }, { workers: Number.NaN }])(
    'throws for %o, which no checked plan contains',
    (change) => {
      expect(() => prepareLaunch({ ...request, ...change }, {})).toThrow(RangeError);
    },
  );
});
