import { describe, expect, it } from 'vitest';
import { keepTogether } from '../../../../src/renderer/state/keep-together.ts';
import { verdictWords } from '../../../../src/renderer/state/verdict-words.ts';
import { concludeDrawing } from '../../engine/analysis/drawn-experiment.ts';

describe('the words of a verdict', () => {
  it('are what the engine says, without what heading and figures of the card tell', () => {
    const { verdict } = concludeDrawing(`
      strategy    | walls by block           | cores | start-up ms | PSS MB
      serial      | 1000 1010 990  1020 1000 | 1.00  | 0.1         | 12
      threads×2   | 1015 1012 1000 1031 1004 | 1.01  | 0.6         | 12.5
      processes×2 | 538  541  533  551  536  | 1.93  | 31          | 36`);
    expect(verdict.sentence).toContain('it is 1.86 times as fast as serial');
    const { aim, sentences } = verdictWords(verdict);
    expect(aim).toBe('For the best balance of time, memory and CPU time');
    expect(sentences.join(' ')).not.toMatch(/run it as|as fast as serial/i);
    expect(sentences).toContain(
      "Threads × 2 gains nothing, for CPython's global interpreter lock lets one thread run at a time.",
    );
    expect(sentences.at(-1)).toBe('It costs 30.9 ms more start-up and 24.0 MB more memory than serial.');
  });

  it('are the whole sentence where nothing is recommended, and of a comparison of an earlier version', () => {
    const sentence = 'Run it as threads × 2 for the least time; it is 2.00 times as fast as serial.';
    const whole = { aim: '', sentences: [sentence] };
    expect(verdictWords({ sentence, recommended: null, answer: null })).toEqual(whole);
    const recommended = { strategy: 'threads', workers: 2 } as const;
    expect(verdictWords({ sentence, recommended, answer: null })).toEqual(whole);
  });

  it('say that the aim was missed, of which the heading tells nothing', () => {
    const answer = {
      aim: 'for surviving a crash within 20 % of the fastest',
      isAimMet: false,
      reasons: [
        { about: 'speedup', clause: 'it is 2.00 times as fast as serial' },
        { about: 'cost', clause: 'it costs 3.0 ms more start-up; than serial' },
      ],
    } as const;
    const recommended = { strategy: 'threads', workers: 2 } as const;
    expect(verdictWords({ sentence: '', recommended, answer })).toEqual({
      aim: '',
      sentences: [
        'Nothing that was measured is known to meet the aim for surviving a crash within 20 % of the fastest.',
        'The nearest is threads × 2.',
        'It costs 3.0 ms more start-up; than serial.',
      ],
    });
  });
});

describe('text that is kept together', () => {
  it('has no line break between a figure and its unit, nor in the name of a strategy with its workers', () => {
    expect(keepTogether('threads × 2 took 1.2 ms and 12 MB, 95 % of 2 cores; 3 of 4 runs')).toBe(
      'threads\u00a0×\u00a02 took 1.2\u00a0ms and 12\u00a0MB, 95\u00a0% of 2\u00a0cores; 3 of 4 runs',
    );
  });
});
