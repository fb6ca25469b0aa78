import { describe, expect, it } from 'vitest';
import { Notices } from '../../../../src/renderer/state/notices.svelte.ts';

/** Notices on a clock that is moved by hand. */
function noticesByHand(): { notices: Notices; pass: (ms: number) => void; texts: () => string[] } {
  let nowMs = 0;
  let waiting: { atMs: number; act: () => void }[] = [];
  const notices = new Notices((waitMs, act) => waiting.push({ atMs: nowMs + waitMs, act }));
  return {
    notices,
    pass(ms) {
      nowMs += ms;
      const due = waiting.filter(({ atMs }) => atMs <= nowMs);
      waiting = waiting.filter(({ atMs }) => atMs > nowMs);
      for (const { act } of due) act();
    },
    texts: () => notices.list.map(({ text }) => text),
  };
}

const undo = { label: 'Undo', run: () => undefined };

describe('notices', () => {
  it('of news go by themselves, what can be undone later, and a problem never', () => {
    const { notices, pass, texts } = noticesByHand();
    notices.complain({ message: 'no room', advice: '' });
    notices.tell('saved');
    notices.tell('reset', undo);
    pass(8000);
    expect(texts()).toEqual(['no room', 'reset']);
    pass(12_000);
    expect(texts()).toEqual(['no room']);
    pass(3_600_000);
    expect(texts()).toEqual(['no room']);
  });

  it('stay while they are read', () => {
    const { notices, pass, texts } = noticesByHand();
    notices.tell('saved');
    notices.hold(notices.list[0]?.id ?? null);
    pass(8000);
    expect(texts()).toEqual(['saved']);
    notices.hold(null);
    pass(8000);
    expect(texts()).toEqual([]);
  });

  it('offer one thing to undo: the last', () => {
    const { notices, texts } = noticesByHand();
    notices.tell('taken from a file', undo);
    notices.tell('saved');
    notices.tell('reset', undo);
    expect(texts()).toEqual(['saved', 'reset']);
  });
});
