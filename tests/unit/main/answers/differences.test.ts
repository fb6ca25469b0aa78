import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSessionClock } from '../../../../src/engine/clock.ts';
import { differencesToMarkdown } from '../../../../src/engine/differences/markdown.ts';
import { parseDifferences } from '../../../../src/engine/differences/report-schema.ts';
import { describeMachine } from '../../../../src/engine/machine.ts';
import { DifferencesDesk, type DifferencesSurroundings } from '../../../../src/main/answers/differences.ts';
import type { DifferencesEvent, DifferencesState } from '../../../../src/shared/differences-requests.ts';
import { fail, type Problem } from '../../../../src/shared/result.ts';
import { createHubSampler } from '../../engine/sampler/support/hub-sampler.ts';

const fixture = path.resolve(import.meta.dirname, '../../../fixtures/differences/two-cores.json');
const machine = describeMachine();
const wish = { thoroughness: 'quick', pythonPath: null } as const;

let folder: string;
let keptFile: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'corescope-differences-'));
  keptFile = path.join(folder, 'differences.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A promise that a test keeps when it likes. */
function later<T>(): { readonly promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((keep) => (resolve = keep));
  return { promise, resolve: (value) => resolve(value) };
}

interface Opened {
  readonly desk: DifferencesDesk;
  readonly events: readonly DifferencesEvent[];
  /** The first event that ends a measurement. */
  readonly ended: Promise<DifferencesEvent>;
}

/** A desk on a machine without an interpreter: a measurement is whole, and over at once. */
function open(changes: Partial<DifferencesSurroundings> = {}): Opened {
  const events: DifferencesEvent[] = [];
  const end = later<DifferencesEvent>();
  const desk = new DifferencesDesk({
    clock: createSessionClock(),
    sampler: createHubSampler(),
    machine,
    version: '1.2.3',
    hostFiles: { nodeHost: '/nowhere/host.js', pythonFolder: '/nowhere/python' },
    findInterpreter: (runtime) => Promise.resolve(fail('not-here', `There is no ${runtime}.`, 'Install it.')),
    probesFolder: '/nowhere/probes',
    keptFile,
    isBusy: () => false,
    onEvent(event) {
      events.push(event);
      if (event.type !== 'progress') end.resolve(event);
    },
    ...changes,
  });
  return { desk, events, ended: end.promise };
}

async function stateOf({ desk }: Opened): Promise<DifferencesState> {
  const state = await desk.answers['differences:state'](null);
  if (!state.ok) throw new Error(state.problem.message);
  return state.value;
}

describe('the last table', () => {
  it('is none at first, and there is nothing to save', async () => {
    const opened = open();
    expect(await stateOf(opened)).toMatchObject({ report: null, problem: null, progress: null });
    for (const answer of [
      opened.desk.answers['differences:text'](null),
      opened.desk.answers['differences:write']({ format: 'json', path: path.join(folder, 'saved.json') }),
    ]) {
      expect(await answer).toMatchObject({ ok: false, problem: { kind: 'nothing-to-save' } });
    }
  });

  it('is there again after a restart, as it was measured', async () => {
    const before = open();
    expect(await before.desk.answers['differences:measure'](wish)).toEqual({ ok: true, value: null });
    const ended = await before.ended;
    if (ended.type !== 'finished') throw new Error(JSON.stringify(ended));
    expect(ended.unsaved).toBe(null);
    expect(ended.report).toMatchObject({
      corescopeVersion: '1.2.3',
      rounds: 1,
      runtimes: [
        { state: 'unavailable', runtime: 'node', problem: { message: 'There is no node.' } },
        { state: 'unavailable', runtime: 'python', problem: { message: 'There is no python.' } },
      ],
    });
    expect((await stateOf(open())).report).toEqual(ended.report);
    expect((await stateOf(before)).report).toEqual(ended.report);
  });

  it('is read from its file, given as Markdown, and saved as it was kept', async () => {
    copyFileSync(fixture, keptFile);
    const parsed = parseDifferences(readFileSync(fixture, 'utf8'));
    if (!parsed.ok) throw new Error(parsed.problem.message);
    const { answers } = open().desk;
    expect(await answers['differences:text'](null)).toEqual({
      ok: true,
      value: { text: differencesToMarkdown(parsed.value) },
    });
    const saved = path.join(folder, 'saved.json');
    expect(await answers['differences:write']({ format: 'json', path: saved })).toMatchObject({ ok: true });
    expect(JSON.parse(readFileSync(saved, 'utf8'))).toEqual(JSON.parse(readFileSync(fixture, 'utf8')));
  });

  it.each<[string, () => void, Problem['kind']]>([
    ['is damaged', () => writeFileSync(keptFile, '{"schema":'), 'damaged-differences'],
    ['is no file', () => mkdirSync(keptFile), 'unreadable-differences'],
  ])('that %s is told of, and replaced by the next', async (_, spoil, kind) => {
    spoil();
    const opened = open();
    expect(await stateOf(opened)).toMatchObject({ report: null, problem: { kind } });
    expect(await opened.desk.answers['differences:text'](null)).toMatchObject({ problem: { kind } });
    await opened.desk.answers['differences:measure'](wish);
    await opened.ended;
    expect(await stateOf(opened)).toMatchObject({ report: { rounds: 1 }, problem: null });
  });

  it('that cannot be kept is shown all the same, with the reason', async () => {
    mkdirSync(keptFile);
    const opened = open();
    await opened.desk.answers['differences:measure'](wish);
    expect(await opened.ended).toMatchObject({
      type: 'finished',
      unsaved: { message: expect.stringContaining(keptFile) as string },
    });
  });
});

describe('a measurement', () => {
  it('is refused while another one or an experiment runs', async () => {
    const found = later<ReturnType<typeof fail>>();
    const opened = open({ findInterpreter: () => found.promise });
    await opened.desk.answers['differences:measure'](wish);
    expect(opened.desk.isRunning).toBe(true);
    expect(await opened.desk.answers['differences:measure'](wish)).toMatchObject({
      ok: false,
      problem: { kind: 'busy', message: 'The table is already being measured.' },
    });
    found.resolve(fail('not-here', 'There is none.', 'Install it.'));
    await opened.ended;
    expect(opened.desk.isRunning).toBe(false);

    const busy = open({ isBusy: () => true });
    expect(await busy.desk.answers['differences:measure'](wish)).toMatchObject({
      ok: false,
      problem: { kind: 'busy', message: expect.stringContaining('An experiment is running') as string },
    });
    expect(busy.desk.isRunning).toBe(false);
  });

  it('that is cancelled is over when that is answered, and leaves the last table as it was', async () => {
    copyFileSync(fixture, keptFile);
    const found = later<ReturnType<typeof fail>>();
    const opened = open({ findInterpreter: () => found.promise });
    const last = (await stateOf(opened)).report;
    await opened.desk.answers['differences:measure'](wish);
    const cancelled = opened.desk.answers['differences:cancel'](null);
    found.resolve(fail('not-here', 'There is none.', 'Install it.'));
    expect(await cancelled).toEqual({ ok: true, value: null });
    expect(opened.desk.isRunning).toBe(false);
    expect(await opened.ended).toEqual({ type: 'cancelled' });
    expect((await stateOf(opened)).report).toEqual(last);
    expect(readFileSync(keptFile, 'utf8')).toBe(readFileSync(fixture, 'utf8'));
  });

  it('that breaks off is told of, and the next one may begin', async () => {
    const opened = open({ findInterpreter: () => Promise.reject(new Error('out of handles')) });
    await opened.desk.answers['differences:measure'](wish);
    expect(await opened.ended).toMatchObject({
      type: 'failed',
      problem: { kind: 'internal', message: 'The measurement broke off: out of handles' },
    });
    expect(await opened.desk.answers['differences:measure'](wish)).toMatchObject({ ok: true });
  });
});
