import { describe, expect, it } from 'vitest';
import { WatchState } from '../../../../src/renderer/state/watch.svelte.ts';
import { fail, succeed } from '../../../../src/shared/result.ts';
import type { ListedProcess, ProcessesAnswer } from '../../../../src/shared/watch-requests.ts';
import { drawnBackend, type DrawnAnswers } from '../../../support/drawn-backend.ts';
import { drawnListed, drawnWatchedTree } from '../../../support/drawn-watch.ts';

function listOf(processes: readonly ListedProcess[]): ProcessesAnswer {
  return { processes, matching: processes.length, total: 300 };
}

function open(answers: DrawnAnswers = {}) {
  const backend = drawnBackend({
    'watch:processes': () => succeed(listOf([drawnListed({ pid: 100 })])),
    'watch:state': () => succeed([drawnWatchedTree()]),
    'watch:attach': () => succeed(drawnWatchedTree()),
    'watch:start': () => succeed(drawnWatchedTree({ isCommand: true })),
    'watch:stop': () => succeed(null),
    'watch:forget': () => succeed(null),
    ...answers,
  });
  return { watch: new WatchState(backend), asked: backend.asked };
}

describe('the list of processes', () => {
  it('is asked for with what is searched and how it is ordered', async () => {
    const { watch, asked } = open();
    watch.search = 'node';
    watch.order = 'memory';
    await watch.refreshList();
    expect(asked).toEqual(['watch:processes {"search":"node","order":"memory"}']);
    expect(watch.listed?.processes.map(({ pid }) => pid)).toEqual([100]);
  });

  it('does not show the answer to a question that has changed meanwhile', async () => {
    const { watch } = open();
    const answered = watch.refreshList();
    watch.search = 'python';
    await answered;
    expect(watch.listed).toBeNull();
  });

  it('says why it cannot be read, and keeps what was read before', async () => {
    let isBroken = false;
    const { watch } = open({
      'watch:processes': () =>
        isBroken ? fail('unreadable', '/proc cannot be read.', 'Mount it.') : succeed(listOf([])),
    });
    await watch.refreshList();
    isBroken = true;
    await watch.refreshList();
    expect(watch.problem?.message).toBe('/proc cannot be read.');
    expect(watch.listed).toEqual(listOf([]));
  });
});

describe('a process is watched', () => {
  it('by its row: number and start together, so that a later bearer of the number is not meant', async () => {
    const { watch, asked } = open();
    expect(await watch.attach(100, 1000)).toBe(true);
    expect(asked).toEqual(['watch:attach {"pid":100,"startMark":1000}', 'watch:state']);
    expect(watch.trees.map(({ pid }) => pid)).toEqual([100]);
    expect(watch.isBeginning).toBe(false);
  });

  it('by a number that is typed, with blanks around it', async () => {
    const { watch, asked } = open();
    watch.pidText = ' 4711 ';
    await watch.attachTyped();
    expect(asked[0]).toBe('watch:attach {"pid":4711,"startMark":null}');
  });

  it.each(['', '0', '-4', '1.5', '12a', '2147483648'])(
    'but not by "%s", which is no number of one',
    async (text) => {
      const { watch, asked } = open();
      watch.pidText = text;
      expect(await watch.attachTyped()).toBe(false);
      expect(asked).toEqual([]);
      expect(watch.problem?.message).toBe(`"${text}" is not a process number.`);
    },
  );

  it('from a row of a tree, which knows when it started', async () => {
    const { watch, asked } = open();
    expect(await watch.attachSame({ pid: 100, startedUnixMs: 1_760_000_000_900 })).toBe(true);
    expect(asked.slice(0, 2)).toEqual([
      'watch:processes {"search":"100","order":"pid"}',
      'watch:attach {"pid":100,"startMark":1000}',
    ]);
  });

  it('but not when its number is borne by one that started later', async () => {
    const { watch, asked } = open();
    expect(await watch.attachSame({ pid: 100, startedUnixMs: 1_759_999_990_000 })).toBe(false);
    expect(watch.problem?.message).toBe('The process 100 has ended already.');
    expect(asked).toHaveLength(1);
  });

  it('once, however often the button is pressed', async () => {
    const { watch, asked } = open();
    const both = await Promise.all([watch.attach(100, 1000), watch.attach(100, 1000)]);
    expect(both).toEqual([true, false]);
    expect(asked.filter((line) => line.startsWith('watch:attach'))).toHaveLength(1);
  });

  it('and where it cannot be, the reason is told until something else is tried', async () => {
    let isOwn = true;
    const { watch } = open({
      'watch:attach': () =>
        isOwn
          ? fail('own-process', 'It is a part of Corescope.', 'Choose another.')
          : succeed(drawnWatchedTree()),
    });
    expect(await watch.attach(7, null)).toBe(false);
    expect(watch.problem?.kind).toBe('own-process');
    isOwn = false;
    await watch.attach(8, null);
    expect(watch.problem).toBeNull();
  });
});

describe('a command is started', () => {
  it('split as a terminal would, in the folder that was chosen', async () => {
    const { watch, asked } = open({ 'file:choose': () => succeed({ path: '/home/me/project' }) });
    watch.commandLine = `python3 train.py --name 'my run'`;
    await watch.start();
    expect(asked[0]).toBe('watch:start {"argv":["python3","train.py","--name","my run"],"folder":null}');
    await watch.chooseFolder();
    await watch.start();
    expect(asked.filter((line) => line.startsWith('watch:start')).at(-1)).toContain(
      '"folder":"/home/me/project"',
    );
  });

  it('and the folder stays as it was where choosing another is called off', async () => {
    const { watch } = open({ 'file:choose': () => succeed({ path: null }) });
    watch.folder = '/srv';
    await watch.chooseFolder();
    expect(watch.folder).toBe('/srv');
  });

  it.each([
    ['   ', 'There is no command.'],
    ['ls | wc', `"|" needs a shell: write sh -c '…' around it.`],
  ])('but not "%s"', async (text, reason) => {
    const { watch, asked } = open();
    watch.commandLine = text;
    expect(await watch.start()).toBe(false);
    expect(watch.problem?.message).toBe(reason);
    expect(asked).toEqual([]);
  });
});

describe('what is watched', () => {
  it('is asked for anew after it was stopped or put away', async () => {
    const { watch, asked } = open();
    await watch.stop(1);
    await watch.forget(1);
    expect(asked).toEqual(['watch:stop {"id":1}', 'watch:state', 'watch:forget {"id":1}', 'watch:state']);
  });

  it('tells why it could not be stopped', async () => {
    const { watch } = open({ 'watch:stop': () => fail('engine-gone', 'The engine has ended.', 'Restart.') });
    await watch.stop(1);
    expect(watch.problem?.message).toBe('The engine has ended.');
  });
});
