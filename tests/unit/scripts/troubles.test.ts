import { describe, expect, it } from 'vitest';
import { listTroubles, troubleText } from '../../../scripts/testing/troubles.mjs';

const vitestReport = JSON.stringify({
  testResults: [
    {
      name: 'pool.test.ts',
      status: 'failed',
      assertionResults: [
        { fullName: 'a pool ends', status: 'passed', failureMessages: [] },
        {
          fullName: 'a pool waits',
          status: 'failed',
          failureMessages: ['\u001b[31mexpected 1 to be 2\u001b[39m'],
        },
        { fullName: 'a pool starts', status: 'passed', failureMessages: ['expected 3 to be 4'] },
      ],
    },
    { name: 'broken.test.ts', status: 'failed', message: 'Unexpected token', assertionResults: [] },
  ],
});

const playwrightReport = JSON.stringify({
  suites: [
    {
      specs: [
        { title: 'opens', file: 'app.spec.ts', tests: [{ results: [{ status: 'passed' }] }] },
        {
          title: 'closes',
          file: 'app.spec.ts',
          tests: [
            { results: [{ status: 'timedOut', error: { message: 'too slow' } }, { status: 'passed' }] },
          ],
        },
      ],
      suites: [
        {
          specs: [
            {
              title: 'saves',
              file: 'app.spec.ts',
              tests: [{ results: [{ status: 'failed', error: { message: 'no file' } }] }],
            },
          ],
        },
      ],
    },
  ],
});

describe('the troubles of a test run', () => {
  it('names what failed, what passed at its second try only, and files that did not load', () => {
    expect(listTroubles('vitest', vitestReport)).toEqual([
      { test: 'pool.test.ts: a pool waits', passedLater: false, reason: 'expected 1 to be 2' },
      { test: 'pool.test.ts: a pool starts', passedLater: true, reason: 'expected 3 to be 4' },
      { test: 'broken.test.ts', passedLater: false, reason: 'Unexpected token' },
    ]);
  });

  it('finds tests of the app in nested suites', () => {
    expect(listTroubles('playwright', playwrightReport)).toEqual([
      { test: 'app.spec.ts: closes', passedLater: true, reason: 'too slow' },
      { test: 'app.spec.ts: saves', passedLater: false, reason: 'no file' },
    ]);
  });

  it('are none where the runner wrote no report', () => {
    expect(listTroubles('vitest', null)).toEqual([]);
  });

  it('are printed with the reason below each', () => {
    expect(
      troubleText([
        { test: 'a', passedLater: false, reason: 'first\nsecond' },
        { test: 'b', passedLater: true, reason: 'third' },
      ]),
    ).toBe('FAILED: a\n    first\n    second\n\npassed at its second try only: b\n    third\n');
  });
});
