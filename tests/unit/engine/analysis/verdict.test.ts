import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../../src/shared/experiment.ts';
import { judge, type VerdictContext } from '../../../../src/engine/analysis/verdict.ts';
import { lockedPython, node, resultsFrom } from './drawn-experiment.ts';

const onNode: VerdictContext = {
  interpreter: node,
  workloadKind: 'cpu',
  tasks: 2,
  logicalCores: 2,
  seed: 1,
};
const onPython: VerdictContext = { ...onNode, interpreter: lockedPython };

function verdictOf(drawing: string, context: Partial<VerdictContext> = {}): Verdict {
  return judge(resultsFrom(drawing), { ...onNode, ...context });
}

describe('a winner', () => {
  const pythonLoop = `
    strategy    | walls by block           | cores | start-up ms | PSS MB
    serial      | 1000 1010 990  1020 1000 | 1.00  | 0.1         | 12
    threads×2   | 1015 1012 1000 1031 1004 | 1.01  | 0.6         | 12.5
    processes×2 | 538  541  533  551  536  | 1.93  | 31          | 36`;

  it('is processes for computing Python, with the lock named and the cost told', () => {
    const verdict = verdictOf(pythonLoop, onPython);
    expect(verdict).toMatchObject({
      state: 'winner',
      strategy: 'processes',
      workers: 2,
      tied: ['processes'],
      cause: 'gil',
    });
    expect(verdict.sentence).toBe(
      'Processes × 2 is the fastest: 1.86 times as fast as serial (95 % interval 1.85 to 1.87) and 1.87 ' +
        'times as fast as threads × 2 (95 % interval 1.86 to 1.88). Threads gain nothing because ' +
        "CPython's global interpreter lock lets one thread run at a time. It costs 30.9 ms more start-up " +
        'and 24.0 MB more memory than serial.',
    );
    expect(verdict.evidence).toEqual([
      'Cores kept busy on average: serial 1.00, threads × 2 1.01, processes × 2 1.93.',
      'CPython 3.11.7 said that its global interpreter lock was on while the work ran.',
      'Threads × 2 kept 1.01 cores busy; the same work as processes × 2 kept 1.93 busy.',
    ]);
  });

  it('has the cause "cores" where the interpreter has no lock', () => {
    const verdict = verdictOf(pythonLoop);
    expect(verdict.cause).toBe('cores');
    expect(verdict.sentence).toBe(
      'Processes × 2 is the fastest: 1.86 times as fast as serial (95 % interval 1.85 to 1.87) and 1.87 ' +
        'times as fast as threads × 2 (95 % interval 1.86 to 1.88). Processes × 2 keeps 1.93 cores busy ' +
        'where serial keeps 1.00. It costs 30.9 ms more start-up and 24.0 MB more memory than serial.',
    );
  });

  it('does not blame the lock when it was off', () => {
    const freeThreaded = { ...lockedPython, gilEnabled: false };
    expect(verdictOf(pythonLoop, { ...onPython, interpreter: freeThreaded }).cause).toBe('cores');
  });

  it('blames the lock for threads that stay at one core, even where that one core ran faster than serial', () => {
    const verdict = verdictOf(
      `
      strategy    | walls by block      | cores | start-up ms | PSS MB
      serial      | 660 655 662 659 661 | 1.00  | 0.1         | 12
      threads×2   | 591 588 594 590 592 | 0.99  | 5.8         | 12.5
      processes×2 | 296 298 295 297 296 | 1.94  | 3.7         | 18`,
      onPython,
    );
    expect(verdict.cause).toBe('gil');
    expect(verdict.sentence).toContain(
      "Threads stay at 0.99 cores because CPython's global interpreter lock lets one thread run at a time.",
    );
  });

  it('does not blame the lock when threads did keep more than one core busy', () => {
    const verdict = verdictOf(
      `
      strategy    | walls by block           | cores | start-up ms | PSS MB
      serial      | 1000 1010 990  1020 1000 | 1.00  | 0.1         | 12
      threads×2   | 715  712  700  731  704  | 1.51  | 0.6         | 12.5
      processes×2 | 538  541  533  551  536  | 1.93  | 31          | 36`,
      onPython,
    );
    expect(verdict.cause).toBe('cores');
  });

  it('is serial where starting workers takes longer than the work', () => {
    const verdict = verdictOf(`
      strategy    | walls by block | cores | start-up ms | PSS MB
      serial      | 10 11 10 10 11 | 1.00  | 0.1         | 12
      threads×2   | 40 41 42 40 40 | 1.10  | 33          | 30
      processes×2 | 90 91 92 95 90 | 1.20  | 80          | 60`);
    expect(verdict).toMatchObject({ state: 'winner', strategy: 'serial', cause: 'start-up' });
    expect(verdict.sentence).toBe(
      'Serial is the fastest: 4.00 times as fast as threads × 2 (95 % interval 3.66 to 4.38) and 9.00 ' +
        'times as fast as processes × 2 (95 % interval 8.05 to 10.1). Starting the workers takes longer ' +
        'than their work: it is 83 % of the time of threads × 2 and 88 % of the time of processes × 2. It ' +
        'takes 100 µs to start and needs 12.0 MB of memory.',
    );
  });

  it('leaves the cause open where nothing that was measured explains it', () => {
    const verdict = verdictOf(`
      strategy    | walls by block           | cores | start-up ms | PSS MB
      serial      | 1000 1010 990  1020 1000 | 1.00  | 0.1         | -
      processes×2 | 738  741  733  751  736  | 1.02  | 31          | -`);
    expect(verdict).toMatchObject({ state: 'winner', strategy: 'processes', cause: 'unclear' });
    expect(verdict.sentence).toBe(
      'Processes × 2 is the fastest: 1.36 times as fast as serial (95 % interval 1.35 to 1.36). Why is ' +
        'not clear from the measurements. It costs 30.9 ms more start-up than serial; memory could not be ' +
        'read.',
    );
  });

  it('shows the digit that the answer rests on', () => {
    const verdict = verdictOf(`
      strategy  | walls by block                     | cores | start-up ms | PSS MB
      serial    | 1000.0 1000.1 1000.2 1000.0 1000.1 | 1.00  | 0.1         | 12
      threads×2 | 996.0  996.2  996.1  996.1  996.1  | 1.00  | 0.6         | 14`);
    expect(verdict.sentence).toBe(
      'Threads × 2 is the fastest: 1.004 times as fast as serial (95 % interval 1.004 to 1.004). Why is ' +
        'not clear from the measurements. It costs 500 µs more start-up and 2.00 MB more memory than ' +
        'serial.',
    );
  });

  it('needs no serial run', () => {
    const verdict = verdictOf(`
      strategy    | walls by block      | cores | start-up ms | PSS MB
      threads×2   | 515 512 500 531 504 | 1.91  | 12          | 32.5
      processes×2 | 638 641 633 651 636 | 1.93  | 31          | 46`);
    expect(verdict.sentence).toBe(
      'Threads × 2 is the fastest: 1.25 times as fast as processes × 2 (95 % interval 1.23 to 1.28). ' +
        'Why is not clear from the measurements. It takes 12.0 ms to start and needs 32.5 MB of memory.',
    );
  });
});

describe('no difference', () => {
  it('says who still beats whom and who is leaner', () => {
    const verdict = verdictOf(`
      strategy    | walls by block           | cores | start-up ms | PSS MB
      serial      | 1000 1010 990  1020 1000 | 1.00  | 0.1         | 12
      threads×2   | 530  521  528  520  529  | 1.91  | 12          | 32
      processes×2 | 522  530  519  531  520  | 1.93  | 31          | 93`);
    expect(verdict).toMatchObject({
      state: 'no-difference',
      strategy: null,
      workers: null,
      tied: ['threads', 'processes'],
      cause: 'cores',
    });
    expect(verdict.sentence).toBe(
      'Threads × 2 and processes × 2 cannot be told apart (1.02 times, 95 % interval 0.98 to 1.05); ' +
        'both beat serial (1.89 and 1.92 times as fast); threads × 2 is the leaner by 61.0 MB. Processes ' +
        '× 2 keeps 1.93 cores busy where serial keeps 1.00.',
    );
  });

  it('names waiting as the cause where serial mostly waited', () => {
    const verdict = verdictOf(
      `
      strategy    | walls by block           | cores | start-up ms | PSS MB
      serial      | 1000 1001 1000 1002 1000 | 0.01  | 0.1         | 12
      threads×2   | 502  503  504  502  503  | 0.02  | 1           | 13
      processes×2 | 503  502  503  503  502  | 0.08  | 31          | 30`,
      { workloadKind: 'io' },
    );
    expect(verdict).toMatchObject({
      state: 'no-difference',
      tied: ['threads', 'processes'],
      cause: 'waiting',
    });
    expect(verdict.sentence).toBe(
      'Threads × 2 and processes × 2 cannot be told apart (0.998 times, 95 % interval 0.99 to 1.002); ' +
        'both beat serial (1.99 times as fast); threads × 2 is the leaner by 17.0 MB. The work mostly ' +
        'waits (serial kept 0.01 of a core busy), and workers wait at the same time.',
    );
  });

  it('is what three strategies get that all lie within the noise', () => {
    const verdict = verdictOf(`
      strategy    | walls by block           | cores | start-up ms | PSS MB
      serial      | 1000 1080 990  1020 1050 | 1.00  | 0.1         | 40
      threads×2   | 1015 1002 1070 1031 1004 | 1.00  | 0.6         | -
      processes×2 | 1038 1041 983  1051 1036 | 1.00  | 31          | 36`);
    expect(verdict.tied).toEqual(['serial', 'threads', 'processes']);
    expect(verdict.sentence).toBe(
      'Serial, threads × 2 and processes × 2 cannot be told apart (serial took 0.99 times as long as ' +
        'threads × 2, 95 % interval 0.91 to 1.07; processes × 2 took 1.02 times as long as threads × 2, ' +
        '95 % interval 0.96 to 1.09).',
    );
  });

  it('does not call work waiting that computes and was kept from running, and says so', () => {
    const verdict = verdictOf(`
      strategy    | walls by block           | cores | start-up ms | PSS MB
      serial      | 3000 4010 3990 3020 3000 | 0.29  | 0.1         | 12
      threads×2   | 1515 1812 1500 1531 1504 | 0.60  | 0.6         | 12.5`);
    expect(verdict.cause).toBe('unclear');
    expect(verdict.evidence).toEqual([
      'Cores kept busy on average: serial 0.29, threads × 2 0.60.',
      'The work wants a whole core, yet serial got 0.29 of one: the machine was busy with something ' +
        'else, which widens every interval.',
    ]);
  });

  it('is all there is to say of one strategy', () => {
    const verdict = verdictOf(`
      strategy | walls by block           | cores | start-up ms | PSS MB
      serial   | 1000 1010 990  1020 1000 | 1.00  | 0.1         | 12`);
    expect(verdict).toMatchObject({ state: 'no-difference', tied: ['serial'] });
    expect(verdict.sentence).toMatch(
      /^Only serial was run, so there is nothing to compare it with: it took 1.00 s/,
    );
  });

  it('tells of tasks that cannot be shared out, of too few cores, and of lost runs', () => {
    const verdict = verdictOf(
      `
      strategy  | walls by block           | cores | start-up ms | PSS MB
      serial    | 1000 1010 990  1020 1000 | 1.00  | 0.1         | 12
      threads×4 | 515  512  x    531  t    | 1.91  | 0.6         | 12.5`,
      { tasks: 5 },
    );
    expect(verdict.state).toBe('winner');
    expect(verdict.evidence.slice(2)).toEqual([
      '5 tasks cannot be shared out evenly among 4 workers: 2.50 times as fast as serial is the most ' +
        'there can be.',
      '4 workers share 2 logical cores, so not all of them can run at once.',
      '2 of 5 runs of threads × 4 did not finish: The run host ended with exit code 137. Give it more ' +
        'memory.',
    ]);
  });
});

describe('no verdict', () => {
  it('is given where results differ, and shows them', () => {
    const verdict = verdictOf(`
      strategy    | walls by block | cores | start-up ms | PSS MB | checksum
      serial      | 1000 1010 990  | 1.00  | 0.1         | 12     | 499500
      threads×2   | 515 512 500    | 1.91  | 0.6         | 12.5   | 499500
      processes×2 | 515 512 500    | 1.91  | 0.6         | 12.5   | 499501`);
    expect(verdict).toMatchObject({ state: 'failed', strategy: null, tied: [], cause: 'unclear' });
    expect(verdict.sentence).toBe(
      'The results differ: serial and threads × 2 computed 499500, but processes × 2 computed 499501. Different ' +
        'work was done, so the times cannot be compared.',
    );
  });

  it('is given where a strategy never finished, with the reason and the next step', () => {
    const drawing = (walls: string): string => `
      strategy    | walls by block | cores | start-up ms | PSS MB
      serial      | 1000 1010 990  | 1.00  | 0.1         | 12
      processes×2 | ${walls}       | 1.91  | 0.6         | 12.5`;
    expect(verdictOf(drawing('x x x')).sentence).toBe(
      'No verdict: processes × 2 never finished: The run host ended with exit code 137. Give it more memory.',
    );
    expect(verdictOf(drawing('t t t')).sentence).toBe(
      'No verdict: processes × 2 never finished: a run was ended after 10.0 s. Allow more time or make the ' +
        'work smaller.',
    );
    expect(verdictOf(drawing('c c c')).sentence).toBe('No verdict: processes × 2 never finished: cancelled.');
  });

  it('is given where nothing finished', () => {
    const verdict = verdictOf(`
      strategy    | walls by block | cores | start-up ms | PSS MB
      serial      | x x x          | 1.00  | 0.1         | 12
      processes×2 | x x x          | 1.91  | 0.6         | 12.5`);
    expect(verdict.sentence).toBe(
      'No run finished, so there is nothing to compare. serial never finished: The run host ended with ' +
        'exit code 137. Give it more memory.',
    );
    expect(verdict.evidence).toHaveLength(2);
  });

  it('is given where there is only one run, or no two blocks in common', () => {
    expect(
      verdictOf(`
      strategy    | walls by block | cores | start-up ms | PSS MB
      serial      | 1000           | 1.00  | 0.1         | 12
      processes×2 | 500            | 1.91  | 0.6         | 12.5`).sentence,
    ).toBe(
      'Only one run of serial finished, and a difference cannot be told from noise by one run; repeat with at ' +
        'least 5 blocks.',
    );
    expect(
      verdictOf(`
      strategy    | walls by block  | cores | start-up ms | PSS MB
      serial      | 1000 1000 x x   | 1.00  | 0.1         | 12
      processes×2 | x x 500 500     | 1.91  | 0.6         | 12.5`).sentence,
    ).toMatch(/^Fewer than two blocks hold a finished run of every strategy/);
  });
});
