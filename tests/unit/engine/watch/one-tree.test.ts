import { describe, expect, it } from 'vitest';
import { samplerOfTree } from '../../../../src/engine/watch/one-tree.ts';
import { decodeFrame, encodeFrame } from '../../../../src/shared/frame-codec.ts';
import type { EntityInfo, SamplerMessage } from '../../../../src/shared/sample.ts';
import { drawnEntity, drawnFrame } from '../../../support/drawn-frame.ts';

const make = drawnEntity({ key: 1, pid: 100, name: 'make' });
const compiler = drawnEntity({ key: 2, pid: 101, parentKey: 1, rootPid: 100, name: 'cc' });
const server = drawnEntity({ key: 3, pid: 200, name: 'server' });
const corescope = drawnEntity({ key: 4, pid: 300, owner: 'corescope', name: 'corescope' });

function entities(appeared: readonly EntityInfo[], goneKeys: readonly number[] = []): SamplerMessage {
  return { type: 'entities', appeared, goneKeys };
}

function frame(sequence: number, keys: readonly number[]): SamplerMessage {
  const buffer = encodeFrame(
    drawnFrame({
      sequence,
      throttledShare: 0.25,
      coreBusy: Float64Array.of(0.5, 1),
      keys: Float64Array.from(keys),
      cpuMs: Float64Array.from(keys, (key) => key * 100),
      detailKeys: Float64Array.from(keys),
      threadCount: Float64Array.from(keys, (key) => key + 10),
    }),
  );
  return { type: 'frame', buffer };
}

/** What the watch of the tree under `rootPid` hears of `messages`, in words. */
function heardOf(rootPid: number, messages: readonly SamplerMessage[]): string[] {
  const heard: string[] = [];
  const sampler = samplerOfTree(
    {
      subscribe: (listener) => {
        for (const message of messages) listener(message);
        return () => undefined;
      },
    },
    rootPid,
  );
  sampler.subscribe((message) => {
    if (message.type === 'entities') {
      const names = message.appeared.map(({ name }) => name).join(' ');
      heard.push(`+ ${names} - ${message.goneKeys.join(' ')}`);
    } else if (message.type === 'frame') {
      const { sequence, keys, cpuMs, detailKeys, threadCount } = decodeFrame(message.buffer);
      heard.push(
        `#${sequence} rows ${keys.join(' ')} cpu ${cpuMs.join(' ')} details ${detailKeys.join(' ')} threads ${threadCount.join(' ')}`,
      );
    }
  });
  return heard;
}

describe('one of several watched trees', () => {
  it('hears of its own rows and of Corescope’s, and of no other tree', () => {
    const messages = [entities([make, compiler, server, corescope]), frame(1, [1, 2, 3, 4])];
    expect(heardOf(100, messages)).toEqual([
      '+ make cc corescope - ',
      '#1 rows 1 2 4 cpu 100 200 400 details 1 2 4 threads 11 12 14',
    ]);
    expect(heardOf(200, messages)).toEqual([
      '+ server corescope - ',
      '#1 rows 3 4 cpu 300 400 details 3 4 threads 13 14',
    ]);
  });

  it('keeps what is of the whole machine: cores, header', () => {
    const heard: SamplerMessage[] = [];
    samplerOfTree(
      {
        subscribe: (listener) => {
          for (const message of [entities([make, server]), frame(7, [1, 3])]) listener(message);
          return () => undefined;
        },
      },
      100,
    ).subscribe((message) => heard.push(message));
    const [, last] = heard;
    if (last?.type !== 'frame') throw new Error('no frame was heard');
    const { coreBusy, throttledShare, sequence } = decodeFrame(last.buffer);
    expect({ coreBusy: [...coreBusy], throttledShare, sequence }).toEqual({
      coreBusy: [0.5, 1],
      throttledShare: 0.25,
      sequence: 7,
    });
  });

  it('is not told that a row of another tree has gone', () => {
    const messages = [entities([make, server]), entities([], [3]), entities([], [1])];
    expect(heardOf(100, messages)).toEqual(['+ make - ', '+  - 1']);
  });

  it('loses what becomes a tree of its own, and that tree has it', () => {
    const alone = { ...compiler, key: 5, parentKey: null, rootPid: 101 };
    const messages = [entities([make, compiler]), entities([alone], [2]), frame(2, [1, 5])];
    expect(heardOf(100, messages)).toEqual([
      '+ make cc - ',
      '+  - 2',
      '#2 rows 1 cpu 100 details 1 threads 11',
    ]);
    expect(heardOf(101, messages)).toEqual(['+ cc - ', '#2 rows 5 cpu 500 details 5 threads 15']);
  });

  it('passes a frame on as it is where all of its rows are its own', () => {
    const only = frame(1, [1, 2]);
    const heard: SamplerMessage[] = [];
    samplerOfTree(
      {
        subscribe: (listener) => {
          for (const message of [entities([make, compiler]), only]) listener(message);
          return () => undefined;
        },
      },
      100,
    ).subscribe((message) => heard.push(message));
    const last = heard.at(-1);
    if (last?.type !== 'frame' || only.type !== 'frame') throw new Error('no frame was heard');
    expect(last.buffer).toBe(only.buffer);
  });
});
