import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CellSummary, encodeShare, missingCode } from '../../../../src/renderer/drawing/cell-summary.ts';
import { HeatmapStore, historySizeFor } from '../../../../src/renderer/drawing/heatmap-store.ts';
import { History } from '../../../../src/renderer/drawing/history.ts';
import { everyMs, storeOf } from './heatmap-text.ts';

/** Buckets as text, a line per core: tenths of the busiest sample, `X` for 100 %, `?` missing, `.` outside. */
function drawn(
  store: HeatmapStore,
  bucketMs: number,
  buckets: number,
  horizonMs = store.latestMs ?? 0,
): string[] {
  const summary = new CellSummary(store.cores);
  const lines = Array.from({ length: store.cores }, () => '');
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const state = store.readBucket(bucket, bucketMs, horizonMs, summary);
    for (let core = 0; core < store.cores; core += 1) {
      const code = summary.code(core, 'max');
      const tenths = code === missingCode ? '?' : code === 250 ? 'X' : String(Math.round(code / 25));
      lines[core] = `${lines[core] ?? ''}${state === 'outside' ? '.' : tenths}`;
    }
  }
  return lines;
}

describe('a busy share as a byte', () => {
  it('is 0.4 % per step, clamped, and missing where it is unknown', () => {
    expect([0, 0.004, 0.5, 1, 1.3, -0.2].map(encodeShare)).toEqual([0, 1, 125, 250, 250, 0]);
    expect(encodeShare(Number.NaN)).toBe(missingCode);
  });
});

describe('the heatmap store', () => {
  it('gives every sample a bucket of its own at one bucket per period', () => {
    // A sample at exactly 100 ms ends in bucket 1 and covers bucket 0.
    expect(drawn(storeOf(['012X', '9876']), everyMs, 6)).toEqual(['0012X.', '99876.']);
  });

  it('fills the buckets that a sample covers when buckets are narrower than the period', () => {
    expect(drawn(storeOf(['15']), 25, 10)).toEqual(['111115555.']);
  });

  it('leaves a hole where no sample came, one period wide of the next sample', () => {
    expect(drawn(storeOf(['12   34']), everyMs, 9)).toEqual(['112??334.']);
  });

  it('takes a tick that is at most half a period late for a late tick, not for a hole', () => {
    const store = new HeatmapStore(1);
    for (const atMs of [100, 250, 401]) store.append(atMs, everyMs, [0.5]);
    expect(drawn(store, 10, 42)).toEqual([`${'5'.repeat(26)}????${'5'.repeat(11)}.`]);
  });

  it('keeps a core without a value apart from idle', () => {
    expect(drawn(storeOf(['00?0', '0000']), everyMs, 5)).toEqual(['000?0', '00000']);
  });

  it('says missing, not outside, up to the time at which samples should have come', () => {
    expect(drawn(storeOf(['11']), everyMs, 8, 550)).toEqual(['111???..']);
  });

  it('never loses a narrow peak, however many samples share a bucket', () => {
    const idle = '0'.repeat(500);
    const store = storeOf([`${idle}X${idle}`]);
    expect(drawn(store, 20_000, 6)).toEqual(['00X000']);
  });

  it('refuses a time that does not come after the newest', () => {
    const store = storeOf(['12']);
    expect(store.append(200, everyMs, [1])).toBe(false);
    expect(store.append(Number.NaN, everyMs, [1])).toBe(false);
    expect(store.length).toBe(2);
  });

  it('forgets the oldest samples and calls their time outside', () => {
    const store = storeOf(['1'.repeat(16) + '2'.repeat(8)], { samples: 16, blocks: 2 });
    expect(store.length).toBe(16);
    expect(store.firstMs).toBe(900);
    expect(drawn(store, everyMs, 26)).toEqual([`${'.'.repeat(8)}${'1'.repeat(9)}${'2'.repeat(8)}.`]);
  });

  it('keeps its samples when it learns of more cores', () => {
    const wider = storeOf(['12  3']).widened(2);
    expect(drawn(wider, everyMs, 7)).toEqual(['112?33.', '??????.']);
  });

  it('keeps every sample of an hour at 10 Hz, and a day of 64 cores in at most 80 MB', () => {
    for (const cores of [1, 64, 256]) expect(historySizeFor(cores).samples).toBe(36_000);
    expect(historySizeFor(64).blocks * 8).toBe(24 * 3_600 * 10);
    expect(History.ofCores(64).byteLength).toBeLessThan(80e6);
    expect(historySizeFor(256).blocks * 8).toBeGreaterThan(7 * 3_600 * 10);
  });

  it('knows of old samples by blocks of 8: a peak is still there, one block wide', () => {
    const store = storeOf([`000X0000${'0'.repeat(8)}${'5'.repeat(16)}`], { samples: 16, blocks: 8 });
    expect(store.length).toBe(32);
    expect(store.firstMs).toBe(100);
    expect(drawn(store, everyMs, 33)).toEqual([`${'X'.repeat(9)}${'0'.repeat(8)}${'5'.repeat(16)}`]);
  });

  it('shows of an old block no more time than its samples covered', () => {
    const store = storeOf([`1111    1111${'0'.repeat(16)}`], { samples: 16, blocks: 8 });
    expect(drawn(store, everyMs, 13)).toEqual(['....11111111' + '1']);
  });

  it('loses no peak when samples become blocks, whatever the bucket', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 199 }),
        fc.integer({ min: 30, max: 5_000 }),
        (peakAt, bucketMs) => {
          const text = Array.from({ length: 200 }, (_, tick) => (tick === peakAt ? 'X' : '1')).join('');
          const store = storeOf([text], { samples: 16, blocks: 32 });
          const summary = new CellSummary(1);
          let most = 0;
          for (let bucket = 0; bucket <= 20_000 / bucketMs; bucket += 1) {
            if (store.readBucket(bucket, bucketMs, 20_000, summary) === 'measured') {
              most = Math.max(most, summary.code(0, 'max'));
            }
          }
          expect(most).toBe(250);
        },
      ),
    );
  });

  it('reduces as if it looked at every sample, with and without its summaries', () => {
    const share = fc.oneof(
      fc.integer({ min: 0, max: 250 }).map((code) => code / 250),
      fc.constant(Number.NaN),
    );
    const sample = fc.record({
      waitMs: fc.integer({ min: 1, max: 900 }),
      busy: fc.tuple(share, share, share),
    });
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 7, max: 20_000 }),
        (samples, bucketMs) => {
          const store = new HeatmapStore(3, { samples: 64, blocks: 8 });
          const kept: { atMs: number; busy: readonly number[] }[] = [];
          let atMs = 0;
          for (const { waitMs, busy } of samples) {
            atMs += waitMs;
            store.append(atMs, everyMs, busy);
            kept.push({ atMs, busy });
          }
          kept.splice(0, kept.length - store.length);
          const summary = new CellSummary(3);
          for (let bucket = 0; bucket <= Math.floor(atMs / bucketMs); bucket += 1) {
            const inside = kept.filter((one) => Math.floor(one.atMs / bucketMs) === bucket);
            if (inside.length === 0) continue;
            expect(store.readBucket(bucket, bucketMs, atMs, summary)).toBe('measured');
            for (let core = 0; core < 3; core += 1) {
              const codes = inside
                .map(({ busy }) => encodeShare(busy[core] ?? Number.NaN))
                .filter((code) => code <= 250);
              expect(summary.count[core]).toBe(codes.length);
              if (codes.length === 0) continue;
              expect(summary.min[core]).toBe(Math.min(...codes));
              expect(summary.max[core]).toBe(Math.max(...codes));
              expect(summary.sum[core]).toBe(codes.reduce((total, code) => total + code, 0));
            }
          }
        },
      ),
    );
  });
});
