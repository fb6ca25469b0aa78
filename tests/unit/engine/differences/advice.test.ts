import { describe, expect, it } from 'vitest';
import { advise } from '../../../../src/engine/differences/advice.ts';
import { drawnFigures, drawnTimes, drawnWay } from './drawn-figures.ts';

function sentences(...args: Parameters<typeof advise>): Record<string, string> {
  return Object.fromEntries(advise(...args).map(({ work, sentence }) => [work, sentence]));
}

describe('the advice', () => {
  it('under the interpreter lock: processes for CPU work, save for what happens outside of it', () => {
    expect(sentences('python', drawnFigures())).toEqual({
      cpu:
        'Processes: 0.99 times as fast as serial on 2 threads, 1.85 on 2 processes. They pay for tasks longer than ' +
        '40.0 ms. Threads do where the work happens outside of the interpreter lock, as hashing large buffers does ' +
        '(1.90 cores busy).',
      io: 'asyncio, with one thread: 20 waiting tasks took 105 ms there and 120 ms on as many threads, of which each adds < 200 kB.',
      mixed:
        'Wait on asyncio, and send what computes to a process pool of 2: each part is done by what was better at it.',
    });
  });

  it('where both are as fast: threads, which are leaner', () => {
    const { cpu, mixed } = sentences(
      'node',
      drawnFigures({
        threads: drawnWay({ work: drawnTimes(500, 1.95, 40), memoryPerWorkerBytes: 8e6 }),
        processes: drawnWay({ work: drawnTimes(490, 1.97, 60), memoryPerWorkerBytes: 18e6 }),
      }),
    );
    expect(cpu).toBe(
      'Threads: as fast as processes or faster (1.85 times as fast as serial on 2 threads, 1.82 on 2 processes), and ' +
        'leaner by 10.0 MB a worker. They pay for tasks longer than 40.0 ms. Processes where a crash must not take ' +
        'the others along.',
    );
    expect(mixed).toContain('thread pool of 2');
  });

  it('is not given on CPU work by a machine that is busy with something else', () => {
    const given = sentences('python', drawnFigures({ serial: drawnTimes(2000, 0.5, 0) }));
    expect(given['cpu']).toBe(
      'No advice: serial work got 0.50 of a core, so the machine was busy with something else. Measure again when it is idle.',
    );
    expect(given['mixed']).toBeUndefined();
  });

  it('is to do the work in turn where nothing gains', () => {
    const { cpu } = sentences('python', drawnFigures({ processes: drawnWay({ work: drawnTimes(980, 1) }) }));
    expect(cpu).toMatch(/^Neither gained anything here/);
  });

  it('is not given where its figures are missing', () => {
    expect(advise('node', drawnFigures({ serial: null, asyncWallMs: null }))).toEqual([]);
  });
});
