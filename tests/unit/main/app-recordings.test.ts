import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSyntheticStream } from '../../../bench/recording/synthetic-stream.ts';
import { pinRecording } from '../../../src/engine/recording/library.ts';
import { openRecording } from '../../../src/engine/recording/open-recording.ts';
import { beginAppRecording, type AppRecordingTools } from '../../../src/main/app-recordings.ts';
import { encodeFrame, decodeFrame } from '../../../src/shared/frame-codec.ts';
import type { RecordingsEvent } from '../../../src/shared/recordings-requests.ts';
import type { SamplerMessage } from '../../../src/shared/sample.ts';
import { makeRecording, temporaryFolder, valueOf } from '../engine/recording/support/made-recording.ts';

const facts = { corescopeVersion: '0.0.0-test', title: 'count-loop: serial', requestedEveryMs: 100 };
const appStartedUnixMs = 1_760_000_000_000;

/** An app that has been open for `openForMs`, with a sampler whose ticks are made by hand. */
function openApp(folder: string, openForMs: number, budgetBytes = 2e9) {
  const listeners = new Set<(message: SamplerMessage) => void>();
  const clock = { atMs: openForMs, nowMs: () => clock.atMs };
  const events: RecordingsEvent[] = [];
  const tools: AppRecordingTools = {
    sampler: {
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    clock,
    clockStartedUnixMs: appStartedUnixMs,
    place: { folder, budgetBytes },
    onEvent: (event) => events.push(event),
  };
  const stream = createSyntheticStream({ seed: 1, cores: 2, processes: 3, everyMs: 100 });
  return {
    events,
    tools,
    listeners,
    tick(count: number): void {
      for (let tick = 0; tick < count; tick += 1) {
        for (const message of stream.next()) {
          const told: SamplerMessage =
            message.type === 'frame'
              ? { ...message, buffer: encodeFrame({ ...decodeFrame(message.buffer), atMs: clock.atMs }) }
              : message;
          for (const listener of listeners) listener(told);
        }
        clock.atMs += 100;
      }
    },
    clock,
  };
}

describe('what the app records', () => {
  test('has a clock of its own, however long the app has been open', () => {
    const folder = temporaryFolder();
    const app = openApp(folder, 7_200_000);
    const recording = beginAppRecording(facts, app.tools);
    app.tick(20);
    recording.addEvent({ type: 'cancelled', atMs: app.clock.atMs });
    recording.end();
    const path = join(folder, readdirSync(folder)[0] ?? '');
    expect(app.events.map(({ type }) => type)).toEqual(['began', 'ended']);
    expect(recording.path).toBe(path);
    const opened = valueOf(openRecording(path));
    expect(opened.manifest?.startedUnixMs).toBe(appStartedUnixMs + 7_200_000);
    expect([...opened.frames({ fromMs: 0, toMs: 10_000 })].map(({ atMs }) => atMs)).toEqual(
      Array.from({ length: 20 }, (_, index) => index * 100),
    );
    expect(opened.events()).toEqual([{ type: 'run', atMs: 2000, event: { type: 'cancelled', atMs: 2000 } }]);
    opened.close();
    expect(app.listeners.size).toBe(0);
  });

  test('leaves the frames that others were given as they are', () => {
    const app = openApp(temporaryFolder(), 5000);
    const seen: number[] = [];
    beginAppRecording(facts, app.tools);
    app.tools.sampler.subscribe((message) => {
      if (message.type === 'frame') seen.push(decodeFrame(message.buffer).atMs);
    });
    app.tick(2);
    expect(seen).toEqual([5000, 5100]);
  });

  test('makes room before it begins, and never at the cost of what is pinned', () => {
    const folder = temporaryFolder();
    const [kept, old] = [join(folder, 'kept.corescope'), join(folder, 'old.corescope')];
    makeRecording(kept, { ticks: 20 });
    makeRecording(old, { ticks: 20 });
    valueOf(pinRecording(kept));
    const app = openApp(folder, 0, 1000);
    beginAppRecording(facts, app.tools).end();
    expect(app.events[0]).toMatchObject({ type: 'cleaned-up', removed: [old] });
    expect(readdirSync(folder)).toContain('kept.corescope');
    expect(readdirSync(folder)).not.toContain('old.corescope');
  });

  test('that cannot be kept is told once, and calls of it do nothing', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const app = openApp(join(folder, 'file', 'recordings'), 0);
    const recording = beginAppRecording(facts, app.tools);
    app.tick(3);
    recording.addEvent({ type: 'cancelled', atMs: 300 });
    recording.end();
    expect(recording.path).toBeNull();
    expect(app.events).toMatchObject([
      { type: 'failed', problem: { kind: 'recording-not-written', advice: 'Check the path.' } },
    ]);
  });

  // Root may write everywhere.
  test.skipIf(process.getuid?.() === 0)('into a folder without permission is told as that', () => {
    const folder = join(temporaryFolder(), 'closed');
    mkdirSync(folder);
    chmodSync(folder, 0o500);
    const app = openApp(folder, 0);
    expect(beginAppRecording(facts, app.tools).path).toBeNull();
    expect(app.events).toMatchObject([{ type: 'failed', problem: { kind: 'recording-not-written' } }]);
  });
});
