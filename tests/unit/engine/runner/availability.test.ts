import { describe, expect, it } from 'vitest';
import { strategyAvailability } from '../../../../src/engine/runner/availability.ts';
import { countLoop } from '../../../../src/engine/workloads/count-loop.ts';
import type { Runtime, WorkloadDescription } from '../../../../src/shared/workload.ts';

/** One line per strategy: its name where it can run, and why not where it cannot. */
function list(
  runtime: Runtime,
  version: string | null,
  changes: Partial<WorkloadDescription> = {},
  platform: NodeJS.Platform = 'linux',
  workers = 2,
): string[] {
  const interpreter = version === null ? null : { version };
  return strategyAvailability(runtime, interpreter, { ...countLoop, ...changes }, platform, workers).map(
    (way) => (way.available ? way.strategy : `${way.strategy}: ${way.reason}`),
  );
}

describe('the strategies that can run', () => {
  it('lists all of the runtime, and why one cannot', () => {
    expect(list('python', '3.11.2')).toEqual([
      'serial',
      'asyncio',
      'threads',
      'processes',
      'thread-pool',
      'process-pool',
      'hybrid',
      'interpreter-pool: InterpreterPoolExecutor came with Python 3.14; this is Python 3.11.2.',
    ]);
    expect(list('command', '20.20.2')).toEqual(['serial', 'copies']);
  });

  it.each(['3.14.0', '3.14.0rc2', '3.15.1', '4.0.0'])('has the interpreter pool in Python %s', (version) => {
    expect(list('python', version)).toContain('interpreter-pool');
  });

  it('supposes the best of an interpreter that is not known yet', () => {
    expect(list('python', null)).toContain('interpreter-pool');
  });

  it('has the cluster where a port is served', () => {
    expect(list('node', '20.20.2')).toContain(
      'cluster: Cluster workers share a port, and "count-loop" serves none.',
    );
    expect(list('node', '20.20.2', { servesPort: true })).toContain('cluster');
  });

  it('believes the workload, in the runtime that it speaks of', () => {
    const unavailable = { node: { async: 'It never waits.' } };
    expect(list('node', '20.20.2', { unavailable })).toContain('async: It never waits.');
    expect(list('python', '3.11.2', { unavailable })).toContain('asyncio');
  });

  it('knows how many workers a pool can have on Windows', () => {
    const tooMany = "Python's process pools have at most 61 workers on Windows.";
    expect(list('python', '3.12.0', {}, 'win32', 61)).toContain('process-pool');
    expect(list('python', '3.12.0', {}, 'win32', 62)).toContain(`process-pool: ${tooMany}`);
    expect(list('node', '20.20.2', {}, 'win32', 62)).toContain('process-pool');
    expect(list('python', '3.12.0', {}, 'linux', 62)).toContain('process-pool');
  });
});
