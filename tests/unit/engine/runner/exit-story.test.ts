import { describe, expect, it } from 'vitest';
import { describeUntoldEnd, type UntoldEnd } from '../../../../src/engine/runner/exit-story.ts';
import { readOomKills } from '../../../../src/engine/runner/oom-kills.ts';

function endOf(end: Partial<UntoldEnd>) {
  const { kind, message } = describeUntoldEnd({
    runtime: 'node',
    workloadId: 'echo',
    strategy: 'serial',
    exit: { code: null, signal: null },
    output: '',
    oomKills: 0,
    lostChannel: false,
    ...end,
  });
  return { kind, message: message.replace('The node run host of "echo" as serial ', '') };
}

const exited = (code: number) => ({ exit: { code, signal: null } });
const signalled = (signal: NodeJS.Signals) => ({ exit: { code: null, signal } });

describe('a host that ended before its work was done', () => {
  it.each<[string, Partial<UntoldEnd>, { kind: string; message: string }]>([
    [
      'by a fault in native code',
      { ...signalled('SIGSEGV'), output: 'loading addon\n' },
      {
        kind: 'host-crashed',
        message:
          'ended by signal SIGSEGV before the work was done (it used memory that is not its own, which is a fault in native code); its last output: loading addon.',
      },
    ],
    [
      'by a signal of someone else',
      signalled('SIGUSR1'),
      {
        kind: 'host-crashed',
        message:
          'ended by signal SIGUSR1 before the work was done (Corescope did not send it), without a word.',
      },
    ],
    [
      'by the kernel, for want of memory',
      { ...signalled('SIGKILL'), oomKills: 2 },
      {
        kind: 'host-killed',
        message:
          'ended by signal SIGKILL before the work was done (the kernel ran out of memory meanwhile and killed 2 processes), without a word.',
      },
    ],
    [
      'by a kill that was not the kernel’s',
      signalled('SIGKILL'),
      {
        kind: 'host-killed',
        message:
          'ended by signal SIGKILL before the work was done (Corescope did not send it, and the kernel has not killed for want of memory, so another program or user did), without a word.',
      },
    ],
    [
      'by a kill of which nothing is known, as a shell tells it',
      { ...exited(137), oomKills: null },
      {
        kind: 'host-killed',
        message:
          'ended with exit code 137, which stands for SIGKILL, before the work was done (Corescope did not send it: the kernel did, for want of memory, or someone else), without a word.',
      },
    ],
    [
      'by an exit in the work',
      { ...exited(0), output: 'bye' },
      {
        kind: 'host-crashed',
        message:
          'ended with exit code 0 before the work was done (something in the work ended the whole process); its last output: bye.',
      },
    ],
    [
      'with a failure',
      { ...exited(3), output: 'cannot\nat all' },
      {
        kind: 'host-crashed',
        message: 'ended with exit code 3 before the work was done; its last output: cannot | at all.',
      },
    ],
    [
      'for want of its event descriptor',
      { ...exited(1), output: 'Error: EBADF: bad file descriptor, write' },
      {
        kind: 'events-closed',
        message:
          'ended with exit code 1 before the work was done (a file descriptor that it needs had been closed; 3 is its way to Corescope); its last output: Error: EBADF: bad file descriptor, write.',
      },
    ],
    [
      'by us, for it could not tell anything any more',
      { ...signalled('SIGTERM'), lostChannel: true },
      {
        kind: 'events-closed',
        message:
          'lost file descriptor 3, through which it tells Corescope what happens (something in the work closed it), without a word.',
      },
    ],
  ])('%s', (_, end, story) => {
    expect(endOf(end)).toEqual(story);
  });
});

describe('the kills for want of memory', () => {
  it('are what the kernel has counted', () => {
    expect(readOomKills(() => 'nr_free_pages 5\noom_kill 3\n')).toBe(3);
  });

  it('are unknown where it does not count them', () => {
    expect(readOomKills(() => 'nr_free_pages 5\n')).toBeNull();
    expect(
      readOomKills(() => {
        throw new Error('ENOENT');
      }),
    ).toBeNull();
  });
});
