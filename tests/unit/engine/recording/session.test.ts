import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../../../../src/engine/recording/open-recording.ts';
import { nameRecording, recordingsFolder } from '../../../../src/engine/recording/places.ts';
import { recordSession, type SessionOptions } from '../../../../src/engine/recording/session.ts';
import { createMarkerPattern } from '../../../../src/engine/recording/markers.ts';
import type { SamplerMessage } from '../../../../src/shared/sample.ts';
import {
  drawFrame,
  drawnRun,
  drawnSession,
  rootProcess,
  workerThread,
} from '../export/support/drawn-recording.ts';
import { problemOf, temporaryFolder, valueOf } from './support/made-recording.ts';

function startSession(more: Partial<SessionOptions> = {}) {
  const path = join(temporaryFolder(), 'session.corescope');
  const listeners = new Set<(message: SamplerMessage) => void>();
  const clock = { atMs: 0, nowMs: () => clock.atMs };
  const session = valueOf(
    recordSession({
      path,
      facts: { corescopeVersion: '1', title: 'a session', startedUnixMs: 0, requestedEveryMs: 100 },
      clock,
      startTimer: () => () => undefined,
      sampler: {
        subscribe: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
      ...more,
    }),
  );
  const send = (message: SamplerMessage): void => {
    for (const listener of listeners) listener(message);
  };
  return { path, clock, session, send, listeners };
}

function sendDrawing({ send, clock }: ReturnType<typeof startSession>): void {
  send({ type: 'entities', appeared: [rootProcess, workerThread], goneKeys: [] });
  for (const [index, sample] of drawnSession.samples.entries()) {
    clock.atMs = sample.atMs;
    send({ type: 'frame', buffer: drawFrame(sample, index + 1) });
  }
}

describe('a session that is recorded', () => {
  it('leaves no file where it is discarded', () => {
    const { session, path, listeners } = startSession();
    session.discard();
    expect(readdirSync(dirname(path))).toEqual([]);
    expect(listeners.size).toBe(0);
  });

  it('has the samples, the events, the interpreter, and the markers of its output whole', () => {
    const started = startSession({ markerPattern: valueOf(createMarkerPattern('^pass (?<name>\\w+)$')) });
    const { session, path, listeners } = started;
    sendDrawing(started);
    for (const event of drawnRun) session.addEvent(event);
    session.addEvent({
      type: 'host-ready',
      order: 1,
      atMs: 105,
      interpreter: {
        runtime: 'python',
        version: '3.13.1',
        executable: '/usr/bin/python3',
        implementation: 'CPython',
        gilEnabled: true,
        freeThreadedBuild: false,
        startMethod: null,
      },
    });
    const output = { type: 'output', order: 1, skippedBytes: 0 } as const;
    session.addEvent({ ...output, stream: 'stdout', text: 'pass two\n::corescope mar', atMs: 150 });
    session.addEvent({ ...output, stream: 'stderr', text: 'pass three\n', atMs: 155 });
    session.addEvent({ ...output, stream: 'stdout', text: 'ker loaded rows=3::\n', atMs: 160 });
    expect(valueOf(session.end()).frames).toBe(5);
    expect(listeners.size).toBe(0);

    const recording = valueOf(openRecording(path));
    expect(recording.manifest?.interpreter?.version).toBe('3.13.1');
    expect([...recording.frames(recording.span)]).toHaveLength(5);
    const markers = recording.events().flatMap((event) => (event.type === 'marker' ? [event] : []));
    expect(markers).toEqual([
      {
        type: 'marker',
        atMs: 150,
        source: 'pattern',
        entityKey: null,
        marker: { kind: 'marker', name: 'two', values: {} },
      },
      {
        type: 'marker',
        atMs: 160,
        source: 'protocol',
        entityKey: null,
        marker: { kind: 'marker', name: 'loaded', values: { rows: '3' } },
      },
    ]);
    recording.close();
  });

  it('ends with one problem where the disk fills, and lets the run go on', () => {
    const told: string[] = [];
    let isFull = false;
    const started = startSession({
      onProblem: ({ message }) => told.push(message),
      file: {
        write: (_descriptor, bytes) => {
          if (isFull) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
          return bytes.length;
        },
      },
    });
    isFull = true;
    sendDrawing(started);
    started.clock.atMs = 2000;
    started.send({ type: 'frame', buffer: drawFrame({ atMs: 2000, cores: [1], cpu: 1, rss: 1 }, 6) });
    for (const event of drawnRun) started.session.addEvent(event);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('the disk is full');
    expect(started.listeners.size).toBe(0);
    expect(problemOf(started.session.end())).toBe('recording-not-written');
  });
});

describe('the place of recordings', () => {
  it('is where each system keeps what programs store for a user', () => {
    const home = '/home/me';
    expect(recordingsFolder({ platform: 'linux', environment: {}, home })).toBe(
      '/home/me/.local/share/corescope/recordings',
    );
    expect(recordingsFolder({ platform: 'linux', environment: { XDG_DATA_HOME: '/data' }, home })).toBe(
      '/data/corescope/recordings',
    );
    expect(recordingsFolder({ platform: 'darwin', environment: {}, home })).toBe(
      '/home/me/Library/Application Support/Corescope/recordings',
    );
  });

  it('is named by time and title, of which nothing can lead to another folder', () => {
    const taken = new Set(['/r/2025-10-09 08.53.20 etc-passwd.corescope']);
    expect(nameRecording('/r', '../../etc/passwd', 1_760_000_000_000, (file) => taken.has(file))).toBe(
      '/r/2025-10-09 08.53.20 etc-passwd (2).corescope',
    );
  });
});
