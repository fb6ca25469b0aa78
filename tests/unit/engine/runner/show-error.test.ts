import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { showError, WorkerFailure, WorkError } from '../../../../src/engine/runner/node/failure.ts';

const hostFile = new URL('../../../../src/engine/runner/node/host.ts', import.meta.url).href;
const workerFile = fileURLToPath(new URL('run-process.cjs', hostFile));

function thrownWith(...frames: readonly string[]): Error {
  const error = new Error('no such row');
  error.stack = ['Error: no such row', ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return error;
}

afterEach(() => {
  vi.restoreAllMocks();
});

function shown(error: unknown): unknown[] {
  const written: unknown[] = [];
  vi.spyOn(console, 'error').mockImplementation((text: unknown) => written.push(text));
  showError(error);
  return written;
}

describe('what stderr is told of an error', () => {
  it("is the user's own part of the stack, without the host's frames and Node's", () => {
    const cause = thrownWith(
      'readRow (file:///home/anna/rows.mjs:7:3)',
      `measure (${hostFile}:405:8)`,
      `doUntilOneWaits (${workerFile}:17:3)`,
      'node:internal/process/task_queues:95:5',
    );
    expect(shown(new WorkError('the task function threw no such row', { cause }))).toEqual([
      'Error: no such row\n    at readRow (file:///home/anna/rows.mjs:7:3)',
    ]);
  });

  it('is nothing where the reason of the end says it all', () => {
    expect(shown(new WorkError('the module has no default export'))).toEqual([]);
    expect(shown(new WorkError('could not be loaded', { cause: thrownWith('node:internal/x:1') }))).toEqual(
      [],
    );
    expect(shown(new WorkerFailure(0, 'worker 1 ended with exit code 1'))).toEqual([]);
  });

  it('is all of an error that nobody foresaw', () => {
    const error = new Error('a broken invariant');
    expect(shown(error)).toEqual([error]);
  });
});
