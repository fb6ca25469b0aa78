import { describe, expect, it } from 'vitest';
import { nameCommand, nameWork } from '../../../../src/engine/export/work-name.ts';

describe('the name of what was run', () => {
  it.each([
    [{ id: 'count-loop', target: null }, 'count-loop'],
    [{ id: 'module', target: { kind: 'module', path: '/home/anna/task.mjs' } }, 'task.mjs'],
    [
      { id: 'function', target: { kind: 'function', path: 'C:\\work.py', functionName: 'train', args: [] } },
      'work.py:train',
    ],
  ] as const)('is the workload, the file, the function: %j', (workload, name) => {
    expect(nameWork(workload)).toBe(name);
  });

  it('is the command without its folder and without what looks like a secret', () => {
    expect(nameCommand(['/usr/bin/make', '-j4', 'all'])).toBe('make -j4 all');
    expect(nameCommand(['curl', '--token', 'abc123'])).not.toContain('abc123');
  });

  it('is cut off where it is long', () => {
    expect(nameCommand(['echo', 'x'.repeat(200)])).toHaveLength(80);
  });
});
