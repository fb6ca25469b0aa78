import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRecording } from '../../../../src/engine/recording/open-recording.ts';
import { valueOf } from './support/made-recording.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures/recordings');
const everything = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };

it('a real file of version 1 opens, and says what it said then', () => {
  const recording = valueOf(openRecording(join(fixtures, '1', 'shell.corescope')));
  const frames = [...recording.frames(everything)];
  const last = frames.at(-1);
  const rows = [...recording.entities(everything).values()];
  const overview = recording.overview(everything, 10);
  recording.close();

  expect(recording.version).toBe(1);
  expect(recording.problems()).toEqual([]);
  expect(recording.manifest).toMatchObject({
    title: 'a shell that counts beside one that sleeps',
    strategy: 'processes',
    workers: 2,
    commandLinePrivacy: 'program-only',
    summary: { frames: 75, missedTicks: 0, lostFrames: 0, ownRssBytes: 89_153_536 },
  });
  expect(frames.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 75 }, (_, index) => index + 1));
  expect(last?.atMs).toBe(7447.250695);
  expect(rows.map(({ kind, name, commandLine }) => `${kind} ${name} ${commandLine}`)).toEqual([
    'process sh sh',
    'process sleep sleep',
  ]);
  expect(recording.manifest?.summary?.durationMs ?? NaN).toBe((last?.atMs ?? NaN) - (frames[0]?.atMs ?? NaN));
  expect([overview.bucketMs, overview.bucketCount, overview.cores.length]).toEqual([100, 75, 2]);
});

it('its phase and its note are there', () => {
  const recording = valueOf(openRecording(join(fixtures, '1', 'shell.corescope')));
  const events = recording.events();
  recording.close();
  expect(
    events.map((event) =>
      event.type === 'marker' ? `${event.marker.kind} ${event.marker.name}` : event.type,
    ),
  ).toEqual(['begin count', 'end count', 'note']);
});
