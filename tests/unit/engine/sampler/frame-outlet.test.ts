import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectFrameOutlet } from '../../../../src/engine/sampler/frame-outlet.ts';
import {
  createHubSampler,
  drawMessage,
  makeEntities,
  makeFrame,
  type HubSampler,
} from './support/hub-sampler.ts';

interface Receiver {
  /** What arrived since the last question. */
  arrived(): string;
  acknowledge(sequence: number): void;
  closePort(): void;
  closeOutlet(): void;
}

function connect(sampler: HubSampler, window?: number): Receiver {
  let messages: string[] = [];
  let acknowledge: (sequence: number) => void = () => undefined;
  let closePort: () => void = () => undefined;
  const outlet = connectFrameOutlet(
    sampler,
    {
      postMessage: (message) => void messages.push(drawMessage(message)),
      onAcknowledge: (listener) => (acknowledge = listener),
      onClose: (listener) => (closePort = listener),
    },
    window === undefined ? {} : { window },
  );
  return {
    arrived() {
      const text = messages.join(' ');
      messages = [];
      return text;
    },
    acknowledge: (sequence) => acknowledge(sequence),
    closePort: () => closePort(),
    closeOutlet: () => outlet.close(),
  };
}

function publishFrames(sampler: HubSampler, from: number, to: number): void {
  for (let sequence = from; sequence <= to; sequence += 1) sampler.publish(makeFrame(sequence));
}

describe('the frame outlet', () => {
  it('first tells a new receiver what is alive', () => {
    const sampler = createHubSampler();
    sampler.publish(makeEntities([1, 2, 3]));
    sampler.publish(makeEntities([4], [2]));
    const receiver = connect(sampler);
    publishFrames(sampler, 9, 9);
    expect(receiver.arrived()).toBe('+1+3+4 f9');
  });

  it('sends everything to a receiver that keeps up', () => {
    const sampler = createHubSampler();
    const receiver = connect(sampler);
    for (let sequence = 1; sequence <= 20; sequence += 1) {
      sampler.publish(makeFrame(sequence));
      expect(receiver.arrived()).toBe(`f${sequence}`);
      receiver.acknowledge(sequence);
    }
  });

  it('stops after four unacknowledged frames, and goes on with the latest', () => {
    const sampler = createHubSampler();
    const receiver = connect(sampler);
    publishFrames(sampler, 1, 9);
    expect(receiver.arrived()).toBe('f1 f2 f3 f4');
    receiver.acknowledge(1);
    expect(receiver.arrived()).toBe('f9-4');
    receiver.acknowledge(2);
    expect(receiver.arrived()).toBe('');
    publishFrames(sampler, 10, 10);
    expect(receiver.arrived()).toBe('f10');
  });

  it('takes an acknowledgement for all frames before it, and ignores one that it had', () => {
    const sampler = createHubSampler();
    const receiver = connect(sampler);
    publishFrames(sampler, 1, 4);
    receiver.acknowledge(4);
    receiver.acknowledge(1);
    publishFrames(sampler, 5, 9);
    expect(receiver.arrived()).toBe('f1 f2 f3 f4 f5 f6 f7 f8');
  });

  it('never drops entities, nor lets them overtake a frame that is still to come', () => {
    const sampler = createHubSampler();
    const receiver = connect(sampler, 1);
    publishFrames(sampler, 1, 2);
    sampler.publish(makeEntities([], [7]));
    expect(receiver.arrived()).toBe('f1');
    receiver.acknowledge(1);
    expect(receiver.arrived()).toBe('f2 -7');
  });

  it('sends entities at once when the frame before them is dropped', () => {
    const sampler = createHubSampler();
    const receiver = connect(sampler, 1);
    publishFrames(sampler, 1, 2);
    sampler.publish(makeEntities([8]));
    publishFrames(sampler, 3, 3);
    expect(receiver.arrived()).toBe('f1 +8');
    receiver.acknowledge(1);
    expect(receiver.arrived()).toBe('f3-1');
  });

  it('counts the drops of each receiver on its own', () => {
    const sampler = createHubSampler();
    const fast = connect(sampler, 9);
    const slow = connect(sampler, 1);
    publishFrames(sampler, 1, 4);
    slow.acknowledge(1);
    expect(slow.arrived()).toBe('f1 f4-2');
    expect(fast.arrived()).toBe('f1 f2 f3 f4');
    const late = connect(sampler, 9);
    publishFrames(sampler, 5, 5);
    expect(late.arrived()).toBe('f5');
  });

  it('sends nothing after it was closed from either side', () => {
    for (const end of ['closePort', 'closeOutlet'] as const) {
      const sampler = createHubSampler();
      const receiver = connect(sampler, 1);
      publishFrames(sampler, 1, 2);
      receiver[end]();
      receiver.acknowledge(1);
      publishFrames(sampler, 3, 3);
      sampler.publish(makeEntities([1]));
      expect(receiver.arrived()).toBe('f1');
    }
  });

  it('accounts for every frame and every entity, however frames and acknowledgements fall', () => {
    const step = fc.constantFrom('frame', 'entities', 'acknowledge');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (steps, window) => {
        const sampler = createHubSampler();
        const receiver = connect(sampler, window);
        const published: string[] = [];
        const received: string[] = [];
        let unacknowledged: number[] = [];
        const drain = (): void => {
          for (const word of receiver.arrived().split(' ').filter(Boolean)) {
            received.push(word);
            if (word.startsWith('f')) unacknowledged.push(Number(/\d+/.exec(word)?.[0]));
          }
        };
        steps.forEach((kind, index) => {
          if (kind === 'acknowledge') {
            const [oldest, ...others] = unacknowledged;
            unacknowledged = others;
            if (oldest !== undefined) receiver.acknowledge(oldest);
          } else {
            const message = kind === 'frame' ? makeFrame(index + 1) : makeEntities([index + 1]);
            published.push(drawMessage(message));
            sampler.publish(message);
          }
          drain();
          expect(unacknowledged.length).toBeLessThanOrEqual(window);
        });
        while (unacknowledged.length > 0) {
          receiver.acknowledge(unacknowledged.shift() ?? 0);
          drain();
        }
        const bare = received.map((word) => word.replace(/-\d+$/, ''));
        expect(bare).toEqual(published.filter((word) => bare.includes(word)));
        expect(bare.filter((word) => word.startsWith('+'))).toEqual(
          published.filter((word) => word.startsWith('+')),
        );
        const drops = received.map((word) => Number(/-(\d+)$/.exec(word)?.[1] ?? 0));
        const frames = published.filter((word) => word.startsWith('f'));
        const framesReceived = bare.filter((word) => word.startsWith('f'));
        expect(drops.reduce((sum, count) => sum + count, 0) + framesReceived.length).toBe(frames.length);
        expect(framesReceived.at(-1)).toBe(frames.at(-1));
      }),
    );
  });
});
