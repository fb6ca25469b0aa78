import { describe, expect, it } from 'vitest';
import { compareRecordings } from '../../../../src/engine/recording/compare.ts';
import { measureSpan } from '../../../../src/engine/recording/figures.ts';
import { createManifest } from '../../../../src/engine/recording/manifest.ts';
import { differencesOf } from '../../../../src/engine/recording/settings.ts';
import type { RecordingManifest } from '../../../../src/shared/recording.ts';
import { drawnSession, drawRecording } from '../export/support/drawn-recording.ts';
import { problemOf, valueOf } from './support/made-recording.ts';

const manifest = createManifest({
  corescopeVersion: '1',
  title: 'a',
  startedUnixMs: 0,
  requestedEveryMs: 100,
  workload: 'hash',
  strategy: 'threads',
  workers: 2,
});

function settingsThatDiffer(change: Partial<RecordingManifest>): string[] {
  return differencesOf([manifest, { ...manifest, ...change }]).map(
    ({ setting, weight, values }) => `${setting} (${weight}): ${values.join(' / ')}`,
  );
}

describe('what a span comes to', () => {
  it('counts a sample for the time since the one before', () => {
    // 0.5, 1 and 2 cores and half a core, 100 ms each; the span is 150 to 400.
    const figures = measureSpan(drawRecording(drawnSession), { fromMs: 150, toMs: 400 });
    expect(figures).toMatchObject({
      durationMs: 250,
      frames: 2,
      peakPssBytes: 2e6,
      peakRssBytes: 4e6,
      peakProcesses: 1,
      throttledShare: Number.NaN,
      meanWaiting: 0.25,
    });
    expect(figures.cpuSeconds).toBeCloseTo(0.05 * 1 + 0.1 * 2 + 0.1 * 0.5, 9);
    expect(figures.meanCores).toBeCloseTo(1.2, 9);
    expect(figures.machineCores).toBeCloseTo((0.05 * 1.25 + 0.1 * 2 + 0.1 * 0.5) / 0.25, 9);
  });

  it('knows nothing of a time without samples', () => {
    const figures = measureSpan(drawRecording(drawnSession), { fromMs: 5000, toMs: 6000 });
    expect([figures.frames, figures.meanCores, figures.peakPssBytes]).toEqual([0, Number.NaN, Number.NaN]);
  });
});

describe('two recordings', () => {
  it('are laid upon one another by the work of their runs, and their figures subtracted', () => {
    const base = drawRecording(drawnSession);
    const other = drawRecording({
      ...drawnSession,
      samples: drawnSession.samples.map((sample) => ({ ...sample, rss: sample.rss * 2 })),
    });
    const compared = valueOf(compareRecordings([base, other]));
    expect(compared.alignedBy).toBe('work');
    expect(compared.recordings.map(({ spans }) => spans)).toEqual([
      [{ fromMs: 130, toMs: 320 }],
      [{ fromMs: 130, toMs: 320 }],
    ]);
    expect(compared.comparable).toBe(true);
    const deltas = Object.fromEntries(
      (compared.deltas[0] ?? []).map(({ figure, delta, ratio }) => [figure, [delta, ratio]]),
    );
    expect(deltas['peakRssBytes']).toEqual([4e6, 2]);
    expect(deltas['durationMs']).toEqual([0, 1]);
    expect(deltas['throttledShare']).toEqual([Number.NaN, Number.NaN]);
  });

  it('can be aligned by a marker, from which on they are compared', () => {
    const recording = drawRecording(drawnSession);
    const compared = valueOf(compareRecordings([recording, recording], 'loaded'));
    expect(compared.recordings[0]?.spans).toEqual([{ fromMs: 150, toMs: recording.span.toMs }]);
  });

  it('are not aligned by what one of them does not have: the problem names what there is', () => {
    const recording = drawRecording(drawnSession);
    const compared = compareRecordings([recording, recording], 'second pass');
    expect(problemOf(compared)).toBe('nothing-to-align');
    expect(compared.ok ? '' : compared.problem.advice).toBe(
      'It has: loaded, threads × 2, start-up, work, tear-down.',
    );
  });
});

describe('settings', () => {
  it('are named where they differ, each with how much that matters', () => {
    expect(settingsThatDiffer({})).toEqual([]);
    expect(settingsThatDiffer({ workload: 'sleep' })).toEqual(['workload (same-needed): hash / sleep']);
    expect(settingsThatDiffer({ strategy: 'processes', workers: 4 })).toEqual([
      'strategy (subject): threads / processes',
      'workers (subject): 2 / 4',
    ]);
    expect(settingsThatDiffer({ quotaCores: 1.5 })).toEqual(['CPU quota (cores) (same-needed):  / 1.5']);
    expect(settingsThatDiffer({ versions: { node: '20.1.0' } })).toEqual([
      'version of node (minor):  / 20.1.0',
    ]);
  });
});
