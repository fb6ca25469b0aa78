import { describe, expect, it } from 'vitest';
import { describeListed } from '../../../src/cli/doctor/doctor.ts';
import type { ListedPython } from '../../../src/engine/runner/interpreters.ts';

const python = {
  path: '/home/me/.pyenv/versions/3.13.1t/bin/python3.13t',
  version: '3.13.1',
  implementation: 'CPython',
  gilEnabled: false,
  freeThreadedBuild: true,
  startMethods: ['fork', 'spawn', 'forkserver'],
} as const;

describe('a Python of the list', () => {
  it.each<[string, ListedPython]>([
    [
      '✓ 3.13.1 (CPython, free-threaded build, GIL off) · /home/me/.pyenv/versions/3.13.1t/bin/python3.13t · PATH, pyenv',
      { path: python.path, origins: ['PATH', 'pyenv'], state: 'usable', python },
    ],
    [
      '✓ 3.13.1 (CPython, free-threaded build, GIL on) · /home/me/.pyenv/versions/3.13.1t/bin/python3.13t · pyenv',
      { path: python.path, origins: ['pyenv'], state: 'usable', python: { ...python, gilEnabled: true } },
    ],
    [
      '– /old/python · pyenv: It is too old.',
      {
        path: '/old/python',
        origins: ['pyenv'],
        state: 'unusable',
        problem: { kind: 'python-too-old', message: 'It is too old.', advice: 'Take a newer one.' },
      },
    ],
  ])('is told as %s', (text, listed) => {
    expect(describeListed(listed)).toBe(text);
  });
});
