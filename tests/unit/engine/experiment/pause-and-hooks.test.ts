import { describe, expect, it } from 'vitest';
import { runHook } from '../../../../src/engine/experiment/hooks.ts';
import { createPauseSwitch } from '../../../../src/engine/experiment/pause.ts';

const never = new AbortController().signal;

describe('a pause', () => {
  it('holds until it is over', async () => {
    const pause = createPauseSwitch();
    await pause.whenResumed(never);
    pause.pause();
    expect(pause.isPaused).toBe(true);
    const waiting = pause.whenResumed(never).then(() => 'goes on');
    expect(await Promise.race([waiting, Promise.resolve('still held')])).toBe('still held');
    pause.resume();
    expect(await waiting).toBe('goes on');
  });

  it('ends with a cancel', async () => {
    const pause = createPauseSwitch();
    pause.pause();
    const controller = new AbortController();
    const waiting = pause.whenResumed(controller.signal);
    controller.abort();
    await waiting;
    expect(pause.isPaused).toBe(true);
  });
});

// Written for a POSIX shell.
describe.skipIf(process.platform === 'win32')('a hook', () => {
  const hook = (command: string, known: Partial<Parameters<typeof runHook>[0]> = {}) =>
    runHook({
      name: 'prepare',
      command,
      environment: { CORESCOPE_STRATEGY: 'threads' },
      timeoutMs: 10_000,
      signal: never,
      ...known,
    });

  it('that succeeds says nothing, and knows which run it is for', async () => {
    expect(await hook('test "$CORESCOPE_STRATEGY" = threads')).toBeNull();
  });

  it('that fails is a problem with what it said last', async () => {
    expect(await hook('echo no such database >&2; exit 3')).toEqual({
      kind: 'prepare-failed',
      message:
        'The prepare command "echo no such database >&2; exit 3" ended with exit code 3: no such database',
      advice: 'Try it in a shell, or leave --prepare out.',
    });
    expect((await hook('kill -9 $$'))?.message).toMatch(/was ended by SIGKILL\.$/);
  });

  it('that does not end is ended', async () => {
    expect(await hook('sleep 60', { timeoutMs: 200 })).toMatchObject({
      message: 'The prepare command "sleep 60" did not end within 0.2 s.',
    });
  });

  it('goes with a cancel', async () => {
    const controller = new AbortController();
    const running = hook('sleep 60', { signal: controller.signal });
    controller.abort();
    expect(await running).toMatchObject({ kind: 'prepare-failed' });
  });
});
