import { describe, expect, it } from 'vitest';
import { TreeActions, wordsOf } from '../../../../src/renderer/state/tree-actions.svelte.ts';
import { fail, succeed } from '../../../../src/shared/result.ts';
import { drawnBackend, type DrawnAnswers } from '../../../support/drawn-backend.ts';
import { drawnEntity } from '../../../support/drawn-frame.ts';

const work = drawnEntity({ key: 1, pid: 100, name: 'work', startedUnixMs: 1_760_000_000_000 });
const identity = '"pid":100,"startedUnixMs":1760000000000';

function open(answers: DrawnAnswers = {}) {
  const backend = drawnBackend({
    'process:nice': () => succeed({ level: 5 }),
    'process:end': () => succeed({ signalled: 1, left: 0 }),
    'process:renice': ({ level }) => succeed({ level }),
    ...answers,
  });
  return { actions: new TreeActions(backend), asked: backend.asked };
}

describe('a process of the tree is ended', () => {
  it('not before the question is answered', () => {
    const { actions, asked } = open();
    actions.ask(work, 'process');
    expect(asked).toEqual([]);
    expect(actions.question).toMatchObject({ scope: 'process', how: 'term', left: null });
  });

  it('by asking it to, and it is told that it went', async () => {
    const { actions, asked } = open();
    actions.ask(work, 'process');
    await actions.confirm();
    expect(asked).toEqual([`process:end {${identity},"scope":"process","how":"term"}`]);
    expect(actions.said).toBe('It has ended.');
    expect(actions.question).toBeNull();
  });

  it('with all that hangs under it', async () => {
    const { actions } = open({ 'process:end': () => succeed({ signalled: 4, left: 0 }) });
    actions.ask(work, 'tree');
    await actions.confirm();
    expect(actions.said).toBe('4 processes have ended.');
  });

  it('without asking only where it did not go, and only after one more question', async () => {
    const { actions, asked } = open({
      'process:end': ({ how }) => succeed({ signalled: 1, left: how === 'kill' ? 0 : 1 }),
    });
    actions.ask(work, 'process');
    await actions.confirm();
    expect(actions.question).toMatchObject({ how: 'kill', left: 1 });
    expect(asked).toHaveLength(1);
    await actions.confirm();
    expect(asked[1]).toBe(`process:end {${identity},"scope":"process","how":"kill"}`);
    expect(actions.said).toBe('It has ended.');
  });

  it('once, however often the button is pressed', async () => {
    const { actions, asked } = open();
    actions.ask(work, 'process');
    await Promise.all([actions.confirm(), actions.confirm()]);
    expect(asked).toHaveLength(1);
  });

  it('and where it may not be, the reason is told', async () => {
    const { actions } = open({
      'process:end': () => fail('not-permitted', 'It belongs to root.', 'Ask whoever runs it.'),
    });
    actions.ask(work, 'process');
    await actions.confirm();
    expect(actions.problem?.message).toBe('It belongs to root.');
    expect(actions.question).toBeNull();
    expect(actions.isWorking).toBe(false);
  });
});

describe('the question', () => {
  it('names who is meant, since when, and what will happen', () => {
    const asked = wordsOf({ entity: work, scope: 'tree', how: 'term', left: null });
    expect(asked).toMatch(
      /^End work \(pid 100, started .+\) and all that hangs under it\? It is asked to end \(SIGTERM\)/,
    );
  });

  it('says nothing of a start that is not known', () => {
    const entity = { ...work, startedUnixMs: null };
    expect(wordsOf({ entity, scope: 'process', how: 'term', left: null })).toMatch(/^End work \(pid 100\)\?/);
  });

  it('says how many are left before they are ended without asking', () => {
    const said = (left: number): string => wordsOf({ entity: work, scope: 'tree', how: 'kill', left });
    expect(said(1)).toMatch(/^One process is still there after two seconds\./);
    expect(said(3)).toMatch(/^3 processes are still there .*\(SIGKILL\)\? What it has not saved is lost\.$/);
  });
});

describe('the nice level', () => {
  it('is read when a row is turned to, and what was said of the last row is gone', async () => {
    const { actions, asked } = open();
    actions.ask(work, 'process');
    actions.said = 'It has ended.';
    await actions.turnTo(work);
    expect(asked).toEqual([`process:nice {${identity}}`]);
    expect(actions).toMatchObject({ niceText: '5', question: null, said: null });
  });

  it('is empty where it may not be asked', async () => {
    const { actions } = open({ 'process:nice': () => fail('gone', 'It has ended.', '') });
    await actions.turnTo(work);
    expect(actions.niceText).toBe('');
  });

  it('stays what was typed before the answer came, and a late answer is not that of the next row', async () => {
    const other = drawnEntity({ key: 2, pid: 200 });
    const { actions } = open({ 'process:nice': ({ pid }) => succeed({ level: pid === 100 ? 5 : 9 }) });
    const typed = actions.turnTo(work);
    actions.niceText = '7';
    await typed;
    expect(actions.niceText).toBe('7');
    await Promise.all([actions.turnTo(work), actions.turnTo(other)]);
    expect(actions.niceText).toBe('9');
  });

  it('is set, and what the system made of it is told', async () => {
    const { actions, asked } = open({ 'process:renice': () => succeed({ level: 10 }) });
    actions.niceText = ' 12 ';
    await actions.renice(work);
    expect(asked).toEqual([`process:renice {${identity},"level":12}`]);
    expect(actions.said).toBe('The nice level is now 10.');
  });

  it.each(['', '20', '-21', '3.5', 'low'])('is not set to "%s"', async (text) => {
    const { actions, asked } = open();
    actions.niceText = text;
    await actions.renice(work);
    expect(asked).toEqual([]);
    expect(actions.problem?.message).toContain(`and not "${text}"`);
  });
});
