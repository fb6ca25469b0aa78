import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  findOnLinux,
  parsePs,
  readStartTicks,
  type RunTraces,
} from '../../../../src/engine/runner/run-processes.ts';

/** `pid parent group state start environment`, one process a line; `-` is an empty environment. */
function machine(drawing: string) {
  const rows = drawing
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const find = (pid: number): string[] | undefined => rows.find(([first]) => first === String(pid));
  return {
    listPids: () => rows.map(([pid]) => Number(pid)),
    readStat(pid: number): string | null {
      const [, parent, group, state, start] = find(pid) ?? [];
      if (state === undefined) return null;
      const between = Array.from({ length: 16 }, () => '0').join(' ');
      return `${pid} (a ) (b) ${state} ${parent} ${group} ${between} ${start} 0`;
    },
    readEnvironment(pid: number): Buffer | null {
      const environment = find(pid)?.[5];
      if (environment === undefined) return null;
      return Buffer.from(environment === '-' ? '' : `A=1\0${environment}\0`);
    },
  };
}

const run: RunTraces = { leaderPid: 10, cookie: 'abc', hostStartTicks: null, inCgroup: [], known: [] };
const pidsOf = (drawing: string, traces: Partial<RunTraces> = {}): number[] =>
  findOnLinux({ ...run, ...traces }, machine(drawing)).map(({ pid }) => pid);

describe('the processes of a run', () => {
  it('are its group, those with its cookie, and what descends from them', () => {
    expect(
      pidsOf(`
         1    0    1  S  1    -
        10    1   10  S  100  CORESCOPE_RUN=abc
        11   10   10  S  101  -
        20    1   20  S  102  CORESCOPE_RUN=abc
        21   20   21  S  103  -
        22   21   21  S  104  -
        30    1   30  S  105  CORESCOPE_RUN=other
        31    1   31  S  106  -
      `).toSorted((a, b) => a - b),
    ).toEqual([10, 11, 20, 21, 22]);
  });

  it('are those of its control group, whatever they have made of themselves', () => {
    expect(pidsOf('40 1 40 S 1 -', { inCgroup: [40] })).toEqual([40]);
  });

  it('are still known when they have lost their parents, unless the number is another process', () => {
    const known = [
      { pid: 40, startTicks: '7', isZombie: false },
      { pid: 41, startTicks: '7', isZombie: false },
    ];
    const drawing = `
      40 1 40 S 7 -
      41 1 41 S 8 -
    `;
    expect(pidsOf(drawing, { known })).toEqual([40]);
  });

  it('are never older than the host, whatever their environment says', () => {
    const drawing = `
      20 1 20 S 99  CORESCOPE_RUN=abc
      21 1 21 S 100 CORESCOPE_RUN=abc
    `;
    expect(pidsOf(drawing, { hostStartTicks: 100 })).toEqual([21]);
  });

  it.skipIf(process.platform !== 'linux')(
    'are found on this machine, however large their environment',
    () => {
      const child = spawn('sleep', ['60'], {
        env: { FILLER: 'x'.repeat(100_000), CORESCOPE_RUN: 'corescope-test-cookie' },
        stdio: 'ignore',
      });
      try {
        const found = findOnLinux({ ...run, leaderPid: -1, cookie: 'corescope-test-cookie' });
        expect(found.map(({ pid }) => pid)).toEqual([child.pid]);
        expect(String(readStartTicks(child.pid ?? 0))).toBe(found[0]?.startTicks);
      } finally {
        child.kill('SIGKILL');
      }
    },
  );

  it('tell which of them are dead', () => {
    expect(findOnLinux(run, machine('11 10 10 Z 100 -'))).toEqual([
      { pid: 11, startTicks: '100', isZombie: true },
    ]);
  });

  it('are read from ps by group and environment', () => {
    const output = [
      '    1     1 Ss   /sbin/launchd',
      '   10    10 S    node run-host.js HOME=/ CORESCOPE_RUN=abc LANG=C',
      '   11    10 Z+   (node)',
      '   20    20 S    sleep 9 CORESCOPE_RUN=abc',
      '   30    30 S    grep NOT_CORESCOPE_RUN=abc',
      '',
    ].join('\n');
    expect(parsePs(output, run)).toEqual([
      { pid: 10, startTicks: null, isZombie: false },
      { pid: 11, startTicks: null, isZombie: true },
      { pid: 20, startTicks: null, isZombie: false },
    ]);
  });
});
