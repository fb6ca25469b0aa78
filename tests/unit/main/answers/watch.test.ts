import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeMachine } from '../../../../src/engine/machine.ts';
import { openRecording } from '../../../../src/engine/recording/open-recording.ts';
import { WatchDesk } from '../../../../src/main/answers/watch.ts';
import { encodeFrame } from '../../../../src/shared/frame-codec.ts';
import type { RecordingsEvent } from '../../../../src/shared/recordings-requests.ts';
import type { Result } from '../../../../src/shared/result.ts';
import type { WatchedTree } from '../../../../src/shared/watch-requests.ts';
import { drawnEntity, drawnFrame } from '../../../support/drawn-frame.ts';
import { drawnListed } from '../../../support/drawn-watch.ts';
import { createHubSampler, type HubSampler } from '../../engine/sampler/support/hub-sampler.ts';

const machine = describeMachine();
const ownPid = 300;
/** Two programs, a child of the first, and Corescope; none of them is on this machine. */
const listed = [
  drawnListed({ pid: 4_194_310, name: 'make' }),
  drawnListed({ pid: 4_194_311, name: 'cc', parentPid: 4_194_310 }),
  drawnListed({ pid: 4_194_320, name: 'server' }),
  drawnListed({ pid: ownPid, name: 'corescope' }),
];
const [make, compiler, server] = listed.map(({ pid, name, parentPid }, index) =>
  drawnEntity({
    key: index + 1,
    pid,
    name,
    rootPid: parentPid === 4_194_310 ? 4_194_310 : pid,
    parentKey: parentPid === 4_194_310 ? 1 : null,
  }),
);
if (make === undefined || compiler === undefined || server === undefined) throw new Error('three are drawn');
const everything = [make, compiler, server];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'corescope-watch-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Opened {
  readonly desk: WatchDesk;
  readonly sampler: HubSampler;
  readonly events: readonly RecordingsEvent[];
  /** A tick in which all of `keys` are there. */
  tick(keys?: readonly number[]): void;
}

function open({ isBusy = false, isThere = true, place = folder } = {}): Opened {
  const sampler = createHubSampler();
  const clock = { atMs: 1_000, nowMs: () => clock.atMs };
  const events: RecordingsEvent[] = [];
  const desk = new WatchDesk({
    clock,
    clockStartedUnixMs: 1_760_000_000_000,
    sampler,
    samplerEveryMs: 100,
    machine: Promise.resolve(machine),
    version: '1.2.3',
    ownPid,
    place: () => ({ folder: place, budgetBytes: 1e9 }),
    isBusy: () => isBusy,
    onRecordings: (event) => events.push(event),
    lister: { list: () => Promise.resolve(listed) },
    isThere: () => isThere,
  });
  sampler.publish({ type: 'entities', appeared: everything, goneKeys: [] });
  let sequence = 0;
  return {
    desk,
    sampler,
    events,
    tick(keys = [1, 2, 3]) {
      sequence += 1;
      clock.atMs += 100;
      const columns = {
        keys: Float64Array.from(keys),
        totalCpuMs: Float64Array.from(keys, () => sequence * 50),
      };
      const frame = drawnFrame({ sequence, atMs: clock.atMs, coreBusy: Float64Array.of(0.5), ...columns });
      sampler.publish({ type: 'frame', buffer: encodeFrame(frame) });
    },
  };
}

/** Until `condition` holds: what the desk does meanwhile is files and processes, which no clock of ours drives. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Attaches to a process that is in the next tick. */
async function attach(opened: Opened, pid: number): Promise<WatchedTree> {
  const answer = opened.desk.answers['watch:attach']({ pid, startMark: null });
  await until(() => opened.sampler.asked.includes(`watch ${pid} run`));
  opened.tick();
  return valueOf(await answer);
}

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

async function trees({ desk }: Opened): Promise<readonly WatchedTree[]> {
  return valueOf(await desk.answers['watch:state'](null));
}

/** The names of the processes that a recording has. */
function namesIn(file: string): string[] {
  const recording = valueOf(openRecording(file));
  const names = [...recording.entities(recording.span).values()].map(({ name }) => name);
  const rows = [...recording.frames({ ...recording.span })].map(({ keys }) => keys.length);
  recording.close();
  return [...names.sort(), `at most ${Math.max(...rows)} rows`];
}

describe('a process that ran before', () => {
  it('is watched, recorded, and let go as it was', async () => {
    const opened = open();
    const begun = await attach(opened, 4_194_310);
    expect(begun).toMatchObject({ name: 'make', isCommand: false, end: null });
    opened.tick();
    await opened.desk.answers['watch:stop']({ id: begun.id });
    expect(opened.sampler.asked.at(-1)).toBe('unwatch 4194310');
    expect((await trees(opened))[0]?.end).toEqual({ why: 'stopped', code: null, signal: null });
    expect(opened.events.map(({ type }) => type)).toEqual(['began', 'ended']);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('is beside another in no recording but its own', async () => {
    const opened = open();
    const first = await attach(opened, 4_194_310);
    const second = await attach(opened, 4_194_320);
    opened.tick();
    await opened.desk.answers['watch:stop-all'](null);
    expect(namesIn(first.recordingPath ?? '')).toEqual(['cc', 'make', 'at most 2 rows']);
    expect(namesIn(second.recordingPath ?? '')).toEqual(['server', 'at most 1 rows']);
  });

  it('ends by itself, which is told without an exit code', async () => {
    const opened = open();
    await attach(opened, 4_194_320);
    opened.sampler.publish({ type: 'entities', appeared: [], goneKeys: [3] });
    opened.tick([1, 2]);
    await until(() => opened.sampler.asked.includes('unwatch 4194320'));
    expect((await trees(opened))[0]?.end).toEqual({ why: 'exited', code: null, signal: null });
  });

  it('ends before it was seen, which is told, and leaves no recording', async () => {
    const opened = open({ isThere: false });
    const answer = opened.desk.answers['watch:attach']({ pid: 4_194_320, startMark: null });
    await until(() => opened.sampler.asked.includes('watch 4194320 run'));
    opened.tick([1, 2]);
    expect(await answer).toMatchObject({ ok: false, problem: { kind: 'not-seen' } });
    expect(opened.sampler.asked.at(-1)).toBe('unwatch 4194320');
    expect(opened.events.map(({ type }) => type)).toEqual(['began', 'discarded']);
    expect(readdirSync(folder)).toEqual([]);
    expect(await trees(opened)).toEqual([]);
  });

  it('is watched once', async () => {
    const opened = open();
    await attach(opened, 4_194_310);
    const again = await opened.desk.answers['watch:attach']({ pid: 4_194_310, startMark: null });
    expect(again).toMatchObject({ ok: false, problem: { kind: 'watched-already' } });
    expect(await trees(opened)).toHaveLength(1);
  });

  it.each([
    ['has ended and its number is borne by another', 4_194_310, 7, 'process-replaced'],
    ['is a part of Corescope', ownPid, null, 'own-process'],
    ['is not there', 4_194_399, null, 'no-process'],
  ])('is refused where it %s', async (_why, pid, startMark, kind) => {
    const { desk, sampler } = open();
    expect(await desk.answers['watch:attach']({ pid, startMark })).toMatchObject({ problem: { kind } });
    expect(sampler.asked.some((line) => line.startsWith('watch'))).toBe(false);
  });
});

describe('a watch and an experiment', () => {
  it('do not go on beside each other', async () => {
    const opened = open();
    expect(opened.desk.refuseExperiment().ok).toBe(true);
    const { id } = await attach(opened, 4_194_310);
    const refused = opened.desk.refuseExperiment();
    expect(!refused.ok && refused.problem.message).toContain('make (4194310) is being watched');
    await opened.desk.answers['watch:stop']({ id });
    expect(opened.desk.refuseExperiment().ok).toBe(true);
  });

  it('while something is measured neither processes nor commands are watched', async () => {
    const { desk } = open({ isBusy: true });
    const wishes = [
      desk.answers['watch:attach']({ pid: 4_194_310, startMark: null }),
      desk.answers['watch:start']({ argv: ['true'], folder: null }),
    ];
    for (const wish of wishes) expect(await wish).toMatchObject({ problem: { kind: 'busy' } });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the list of what is watched', () => {
  it('has the newest first, and lets go of those that have ended and no others', async () => {
    const opened = open();
    const first = await attach(opened, 4_194_310);
    const second = await attach(opened, 4_194_320);
    await opened.desk.answers['watch:stop']({ id: first.id });
    for (const { id } of [first, second]) await opened.desk.answers['watch:forget']({ id });
    expect((await trees(opened)).map(({ name }) => name)).toEqual(['server']);
  });

  it('keeps the last twenty that have ended', async () => {
    // Where nothing can be recorded, which takes longer than all else: a folder below what is no folder.
    const opened = open({ place: path.join(os.devNull, 'recordings') });
    for (let count = 0; count < 22; count += 1) {
      opened.sampler.asked.length = 0;
      const { id } = await attach(opened, 4_194_320);
      await opened.desk.answers['watch:stop']({ id });
    }
    const ids = (await trees(opened)).map(({ id }) => id);
    // The twenty-second was watched while twenty-one had ended.
    expect(ids).toEqual(Array.from({ length: 21 }, (_, index) => 22 - index));
  });
});

// As the app does it on Windows too, but for the shell that is asked here.
describe.skipIf(process.platform === 'win32')('a command', () => {
  /** Starts it, and gives the sampler a tick with its process. */
  async function start(opened: Opened, argv: readonly string[], place: string | null): Promise<WatchedTree> {
    const answer = opened.desk.answers['watch:start']({ argv, folder: place });
    await until(() => opened.sampler.asked.some((line) => line.startsWith('watch ')));
    const pid = Number(/^watch (\d+)/.exec(opened.sampler.asked.at(-1) ?? '')?.[1]);
    opened.sampler.publish({
      type: 'entities',
      appeared: [drawnEntity({ key: 9, pid, name: 'sh' })],
      goneKeys: [],
    });
    opened.tick([9]);
    return valueOf(await answer);
  }

  it('runs in its folder, and its output and exit code are told', async () => {
    const opened = open();
    const { pid } = await start(opened, ['sh', '-c', 'pwd; exit 3'], folder);
    await until(() => opened.sampler.asked.includes(`unwatch ${pid}`));
    const [tree] = await trees(opened);
    expect(tree).toMatchObject({
      isCommand: true,
      commandLine: 'sh -c pwd; exit 3',
      end: { why: 'exited', code: 3, signal: null },
      output: `${realpathSync(folder)}\n`,
    });
  });

  it('sets markers by what it prints, in its recording and for the timeline', async () => {
    const opened = open();
    const line = '::corescope marker loaded rows=7::';
    const { pid, recordingPath } = await start(opened, ['sh', '-c', `echo '${line}'`], null);
    await until(() => opened.sampler.asked.includes(`unwatch ${pid}`));
    const marker = { kind: 'marker', name: 'loaded', values: { rows: '7' } };
    const told = opened.events.filter(({ type }) => type === 'marker');
    // The app's clock stood at 1100 from the tick in which the command was seen; the recording began at 1000.
    expect(told).toEqual([{ type: 'marker', marker, atMs: 1_100 }]);
    const recording = valueOf(openRecording(recordingPath ?? ''));
    expect(recording.events()).toEqual([
      { type: 'marker', atMs: 100, source: 'protocol', entityKey: null, marker },
    ]);
    recording.close();
  });

  it.each([
    ['no-such-command-here', null, 'command-not-found'],
    ['./sh', null, 'command-not-found'],
    ['true', '/no/such/folder', 'no-such-folder'],
  ])('that cannot be started leaves nothing behind: %s in %s', async (program, place, kind) => {
    const { desk, sampler } = open();
    const answer = await desk.answers['watch:start']({ argv: [program], folder: place });
    expect(answer).toMatchObject({ ok: false, problem: { kind } });
    expect(sampler.asked).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
