import { describe, expect, it } from 'vitest';
import { isTrustedFrame } from '../../../src/main/trusted-frame.ts';

const ours = 'corescope://app';
const parent = {};

describe('who may talk to the app', () => {
  it("is our own page's main frame", () => {
    expect(isTrustedFrame({ origin: ours, parent: null }, ours)).toBe(true);
  });

  it.each([
    ['a foreign page', { origin: 'https://example.org', parent: null }],
    ['a page whose origin only begins like ours', { origin: 'corescope://app.example.org', parent: null }],
    ['an embedded frame, even of ours', { origin: ours, parent }],
    ['a frame that is gone', null],
  ])('is not %s', (_name, frame) => {
    expect(isTrustedFrame(frame, ours)).toBe(false);
  });
});
