import { describe, expect, it } from 'vitest';
import { EntityDetails } from '../../../../src/renderer/state/entity-details.ts';
import { drawnFrame } from '../../../support/drawn-frame.ts';

function detailFrame(
  atMs: number,
  key: number,
  counters: { voluntary: number; involuntary: number; readBytes?: number },
) {
  return drawnFrame({
    atMs,
    detailKeys: Float64Array.of(key),
    voluntarySwitches: Float64Array.of(counters.voluntary),
    involuntarySwitches: Float64Array.of(counters.involuntary),
    readBytes: Float64Array.of(counters.readBytes ?? Number.NaN),
  });
}

describe('what is read once a second', () => {
  it('has rates between the last two readings of the row, however far apart', () => {
    const details = new EntityDetails();
    details.receive(detailFrame(1000, 7, { voluntary: 100, involuntary: 10, readBytes: 0 }));
    details.receive(detailFrame(1500, 8, { voluntary: 0, involuntary: 0 }));
    details.receive(detailFrame(3000, 7, { voluntary: 300, involuntary: 30, readBytes: 5000 }));
    expect(details.of(7)?.switchesPerSecond).toBe(110);
    expect(details.of(7)?.readBytesPerSecond).toBe(2500);
    expect(details.of(7)?.values.voluntarySwitches).toBe(300);
  });

  it('has no rate before a second reading, and none of what cannot be read', () => {
    const details = new EntityDetails();
    details.receive(detailFrame(1000, 7, { voluntary: 100, involuntary: 10 }));
    expect(details.of(7)?.switchesPerSecond).toBeNaN();
    details.receive(detailFrame(2000, 7, { voluntary: 200, involuntary: 10 }));
    expect(details.of(7)?.switchesPerSecond).toBe(100);
    expect(details.of(7)?.readBytesPerSecond).toBeNaN();
  });

  it('is forgotten with its row', () => {
    const details = new EntityDetails();
    details.receive(detailFrame(1000, 7, { voluntary: 1, involuntary: 1 }));
    details.forget(7);
    expect(details.of(7)).toBeUndefined();
  });
});
