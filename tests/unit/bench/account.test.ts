import { describe, expect, it } from 'vitest';
import { createAccount } from '../../../bench/short-lived/account.ts';
import { encodeFrame } from '../../../src/shared/frame-codec.ts';
import { drawnFrame } from '../../support/drawn-frame.ts';
import type { EntityInfo, SamplerMessage } from '../../../src/shared/sample.ts';

function entity(key: number, pid: number, tid: number | null = null): EntityInfo {
  return {
    key,
    kind: tid === null ? 'process' : 'thread',
    pid,
    tid,
    parentKey: null,
    rootPid: 1,
    owner: 'run',
    name: 'sh',
    commandLine: 'sh',
    user: null,
    startedUnixMs: 1000 + pid,
  };
}

function appeared(...infos: EntityInfo[]): SamplerMessage {
  return { type: 'entities', appeared: infos, goneKeys: [] };
}

function frame(atMs: number, shares: Readonly<Record<number, number>>): SamplerMessage {
  const keys = Object.keys(shares).map(Number);
  return {
    type: 'frame',
    buffer: encodeFrame(
      drawnFrame({
        atMs,
        coreBusy: new Float64Array(2),
        keys: Float64Array.from(keys),
        cpuShare: Float64Array.from(Object.values(shares)),
      }),
    ),
  };
}

describe('the account of frames', () => {
  it('adds up shares over the time between frames, and unknown ones as nothing', () => {
    const account = createAccount();
    account.add(appeared(entity(1, 11), entity(2, 12)));
    account.add(frame(0, { 1: Number.NaN }));
    account.add(frame(100, { 1: 0.5, 2: Number.NaN }));
    account.add(frame(300, { 1: 0.25, 2: 1 }));
    expect(account.cpuMs()).toBe(50 + 50 + 200);
  });

  it('counts the time of a thread once', () => {
    const account = createAccount();
    account.add(appeared(entity(1, 11), entity(2, 11, 15)));
    account.add(frame(0, { 1: Number.NaN, 2: Number.NaN }));
    account.add(frame(100, { 1: 1, 2: 1 }));
    expect(account.cpuMs()).toBe(100);
  });

  it('counts a process once that got a new key', () => {
    const account = createAccount();
    account.add(appeared(entity(1, 11), entity(2, 12)));
    account.add(appeared(entity(3, 12)));
    expect(account.processesSeen()).toBe(2);
  });
});
