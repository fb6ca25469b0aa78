import { Command } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { addCompareOptions, readPlanInput } from '../../../src/cli/compare-options.ts';

/** The plan input of a command line, as it would be typed behind `corescope compare`. */
function read(line: string, usableCores = 4): unknown {
  const command = addCompareOptions(new Command().argument('<workload>').exitOverride()).parse(
    line.split(' '),
    { from: 'user' },
  );
  const input = readPlanInput(command.processedArgs[0], command.opts(), { usableCores });
  return input.ok ? input.value : input.problem;
}

describe('the options of compare', () => {
  it('compare everything on all cores when nothing is said', () => {
    expect(read('count-loop --seed 5')).toEqual({
      workload: { id: 'count-loop', runtime: 'node', params: {}, tasks: 4 },
      strategies: ['serial', 'threads', 'processes'],
      workerCounts: [1, 2, 4],
      blocks: 7,
      controlPair: true,
      warmUpBlocks: 1,
      timeoutMs: 60_000,
      seed: 5,
      pythonPath: null,
    });
  });

  it('are all passed on', () => {
    const line =
      'sleep --runtime python --strategies threads,processes --workers 3 --tasks 9 --param seconds=0.25 ' +
      '--blocks 6 --warmup 0 --timeout 2.5 --seed 0 --python /opt/python3';
    expect(read(line)).toEqual({
      workload: { id: 'sleep', runtime: 'python', params: { seconds: 0.25 }, tasks: 9 },
      strategies: ['threads', 'processes'],
      workerCounts: [3],
      blocks: 6,
      warmUpBlocks: 0,
      timeoutMs: 2_500,
      seed: 0,
      pythonPath: '/opt/python3',
    });
  });

  it('ask for two workers on a single core: whether they gain anything is the question', () => {
    expect(read('count-loop', 1)).toMatchObject({ workerCounts: [1, 2] });
  });

  it('probe with twice as many workers as cores when asked for auto', () => {
    expect(read('count-loop --workers auto', 6)).toMatchObject({ workerCounts: [1, 2, 4, 6, 12] });
    expect(read('count-loop', 6)).toMatchObject({ workerCounts: [1, 2, 4, 6] });
    expect(read('count-loop --workers 1,8')).toMatchObject({ workerCounts: [1, 8] });
  });

  it('run the A/A pair with several numbers of workers, or when it is asked for', () => {
    expect(read('count-loop --workers 2')).not.toHaveProperty('controlPair');
    expect(read('count-loop --workers 2 --control')).toMatchObject({ controlPair: true });
    expect(read('count-loop --no-control')).not.toHaveProperty('controlPair');
  });

  it('stop by themselves with --blocks auto', () => {
    expect(read('count-loop --blocks auto --precision 1.5 --time-budget 60')).toMatchObject({
      blocks: 100,
      adaptive: { targetHalfWidth: 0.015, timeMs: 60_000 },
    });
    expect(read('count-loop --precision 1')).toEqual({
      kind: 'flag-without-effect',
      message: '--precision is given, but the number of blocks is fixed.',
      advice: 'Add --blocks auto, or leave --precision out.',
    });
  });

  it('give as many tasks as workers', () => {
    expect(read('count-loop --workers 3')).toMatchObject({ workerCounts: [3], workload: { tasks: 3 } });
    expect(read('count-loop --workers 1,2,3')).toMatchObject({ workload: { tasks: 6 } });
    // 7 × 8 × 9 tasks would make every run long; 9 cannot be shared out evenly, and the verdict says so.
    expect(read('count-loop --workers 7,8,9')).toMatchObject({ workload: { tasks: 9 } });
  });

  it('take --param several times and keep an equals sign in a value', () => {
    expect(read('count-loop --param n=1e3 --param rounds=a=b')).toMatchObject({
      workload: { params: { n: 1000, rounds: 'a=b' } },
    });
  });

  it('measure three blocks when it is to be quick', () => {
    expect(read('count-loop --quick')).toMatchObject({ blocks: 3 });
  });

  it('keep the text of a number that cannot be read, for the problem to show', () => {
    expect(read('count-loop --workers many --timeout soon')).toMatchObject({
      workerCounts: ['many'],
      timeoutMs: 'soon',
    });
  });

  it.each([
    ['500MB', 500_000_000],
    ['1.5g', 1_500_000_000],
    ['2GiB', 2_147_483_648],
    ['64000', 64_000],
    ['much', 'much'],
    ['5 apples', '5 apples'],
  ])('take %s for a memory limit', (size, memoryLimitBytes) => {
    const command = addCompareOptions(new Command().argument('<workload>').exitOverride()).parse(
      ['count-loop', '--memory-limit', size],
      { from: 'user' },
    );
    expect(readPlanInput('count-loop', command.opts(), { usableCores: 2 })).toMatchObject({
      value: { memoryLimitBytes },
    });
  });

  it('take a nice level', () => {
    expect(read('count-loop --nice 10')).toMatchObject({ niceLevel: 10 });
    expect(read('count-loop --nice -5')).toMatchObject({ niceLevel: -5 });
  });

  it.each(['n', '=5'])('refuse --param %s', (text) => {
    expect(read(`count-loop --param ${text}`)).toEqual({
      kind: 'invalid-parameter',
      message: `--param ${text} is not a name with a value.`,
      advice: 'Write it like --param n=1000000.',
    });
  });
});
