import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { corescope, corescopeOnTerminal, startCorescope } from './corescope.ts';

const report = z.object({
  schema: z.literal('corescope.watch/1'),
  watched: z.object({ pid: z.number(), command: z.array(z.string()).nullable() }),
  ended: z.object({ why: z.string(), code: z.number().nullable(), signal: z.string().nullable() }),
  summary: z.object({ cpuSeconds: z.number().nullable(), processes: z.number(), durationMs: z.number() }),
});

/** Work that is counted and not timed: its CPU time does not depend on how busy the machine is. */
const busyChild = `for (let i = 0, end = process.cpuUsage().user + 3e5; process.cpuUsage().user < end; i++);`;

describe('corescope record', () => {
  it('counts the CPU time of children that have exited, and passes on what the command writes', async () => {
    const script = `for i in 1 2; do "${process.execPath}" -e '${busyChild}'; done; echo said`;
    const { exitCode, stdout, stderr } = await corescope(['record', '--json', '-', '--', 'sh', '-c', script]);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/^said\nRecorded .+\n$/);
    const { ended, summary, watched } = report.parse(JSON.parse(stdout));
    expect(ended).toEqual({ why: 'exited', code: 0, signal: null });
    expect(watched.command).toEqual(['sh', '-c', script]);
    expect(summary.cpuSeconds).toBeGreaterThan(0.6);
  });

  it('ends with 3 where the command fails, and tells its exit code', async () => {
    const { exitCode, stdout } = await corescope(['record', '--', 'sh', '-c', 'exit 7']);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^ended +exit code 7$/m);
  });

  it('on Ctrl-C ends the command with all that it started, sums up, and ends with 130', async () => {
    const marker = `4${process.pid}.25`;
    const { child, ended } = startCorescope([
      'record',
      '--',
      'sh',
      '-c',
      `echo go >&2; trap '' INT TERM; (trap '' INT TERM; sleep ${marker}) & sleep ${marker}`,
    ]);
    await once(child.stderr ?? child, 'data');
    await delay(300);
    child.kill('SIGINT');
    const { exitCode, stdout } = await ended;
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/^ended +by Ctrl-C$/m);
    expect(commandLines().filter((line) => line.includes(marker))).toEqual([]);
  });

  it('draws cores and tree on a terminal, and leaves the summary', async () => {
    const { exitCode, stdout } = await corescopeOnTerminal(['record', '--', 'sleep', '1']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/core 0/);
    expect(stdout).toMatch(/sleep 1/);
    expect(stdout).toMatch(/busy on average/);
  });
});

describe('corescope attach', () => {
  it('watches a process that runs, for as long as it is told to', async () => {
    const child = spawn('sleep', ['30']);
    onTestFinished(() => void child.kill('SIGKILL'));
    const { exitCode, stdout, stderr } = await corescope([
      'attach',
      String(child.pid),
      '--for',
      '0.5',
      '--quiet',
      '--json',
      '-',
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(report.parse(JSON.parse(stdout))).toMatchObject({
      watched: { pid: child.pid, command: null },
      ended: { why: 'time' },
      summary: { processes: 1 },
    });
  });

  it('ends when the process does', async () => {
    const child = spawn('sleep', ['30']);
    const watching = startCorescope(['attach', String(child.pid)]);
    await once(watching.child.stderr ?? watching.child, 'data');
    child.kill('SIGKILL');
    const { exitCode, stdout } = await watching.ended;
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ended +it exited$/m);
  });

  it.each([
    { args: ['attach', '4194305'], message: 'There is no process 4194305.' },
    { args: ['attach', 'node'], message: '"node" is not a process id.' },
    { args: ['attach', '1', '--every', '1'], message: '--every is 1, but must be 10 to 60000 milliseconds.' },
    { args: ['attach', '1', '--for', 'ever'], message: '--for is ever, but must be more than 0' },
    { args: ['record'], message: 'No command is given.' },
    { args: ['record', '--', 'no-such-program'], message: 'There is no command "no-such-program".' },
  ])('and record refuse $args, and say why', async ({ args, message }) => {
    const { exitCode, stdout, stderr } = await corescope(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
}
