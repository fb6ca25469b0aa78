import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadCpuClock } from '../../../../../src/engine/sampler/linux/cpu-clock.ts';
import {
  type GlanceLibrary,
  glanceOutcome,
  planField,
  planLength,
  tickField,
  tickLength,
} from '../../../../../src/engine/sampler/linux/glance-library.ts';
import { loadNativeLibrary } from '../../../../../src/engine/sampler/linux/native-library.ts';
import { buildNativeLibrary, canBuildNativeLibrary } from '../support/native-build.ts';

/** `native/glances.c` itself, on real processes and a file in place of /proc/stat. */

const invalid = -22;
const noBufferSpace = -105;
const noSuchPid = 2 ** 22 + 1;

const stat = 'cpu0 1 2 3 4 5 6 7 8 9 10\nintr 1 2\nprocesses 4711\nprocs_running 1\n';

function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

describe.skipIf(!canBuildNativeLibrary)('the glance library', () => {
  let folder: string;
  let library: GlanceLibrary;
  let wakeFile: number;
  const sleepers: ChildProcess[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'corescope-native-'));
    const loaded = loadNativeLibrary(buildNativeLibrary(folder));
    if (!loaded.ok) throw new Error(loaded.problem.message);
    library = loaded.value.glances;
    wakeFile = library.openWakeFile();
    for (let count = 0; count < 3; count += 1) sleepers.push(spawn('sleep', ['60'], { stdio: 'ignore' }));
    // Stopped: one that falls asleep late, on a busy machine, would go on using CPU between two readings.
    for (const sleeper of sleepers) sleeper.kill('SIGSTOP');
    const isStopped = ({ pid }: ChildProcess): boolean =>
      readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') T ');
    await vi.waitFor(() => expect(sleepers.every(isStopped)).toBe(true), 5000);
  });

  afterAll(() => {
    for (const sleeper of sleepers) sleeper.kill('SIGKILL');
    closeSync(wakeFile);
    rmSync(folder, { recursive: true });
  });

  interface Question {
    readonly pids?: readonly number[];
    readonly told?: readonly number[];
    readonly searchedAtForks?: readonly number[];
    readonly places?: readonly number[];
    readonly stat?: string;
    readonly ticks?: number;
    readonly bell?: Int32Array;
    readonly plan?: Partial<Record<keyof typeof planField, number>>;
    readonly count?: number;
  }

  interface Answer {
    readonly outcome: number;
    readonly taken: number;
    readonly cpuNs: readonly number[];
    readonly statText: string;
    readonly of: (tick: number, field: keyof typeof tickField) => number;
  }

  /** One call, due at once and every 5 ms, that nothing disturbs unless it is asked for. */
  function ask(question: Question): Answer {
    const { pids = [], ticks: tickCount = 1 } = question;
    const places = question.places ?? pids.map((_, place) => place);
    const statPath = join(folder, 'stat');
    writeFileSync(statPath, question.stat ?? stat);
    const statFile = openSync(statPath, 'r');
    const [entryRoom, statRoom] = [8, question.plan?.statRoom ?? 256];
    const fields: Record<keyof typeof planField, number> = {
      originSeconds: 0,
      originNanoseconds: 0,
      firstDeadlineMs: nowMs() + 5,
      everyMs: 5,
      leastApartMs: 0,
      firstTick: 0,
      ticks: tickCount,
      entryRoom,
      statRoom,
      processes: pids.length,
      statFile,
      wakeFile,
      heard: 0,
      lookedAtMs: nowMs() - 1e9,
      quietNsPerMs: 1e9,
      usualMs: Number.POSITIVE_INFINITY,
      ...question.plan,
    };
    const plan = new Float64Array(planLength);
    for (const name of Object.keys(planField)) {
      const key = name as keyof typeof planField;
      plan[planField[key]] = fields[key];
    }
    const slots = fields.firstTick + tickCount;
    const ticks = new Float64Array(Math.max(1, slots) * tickLength);
    const all = new Int32Array(Math.max(1, slots) * entryRoom);
    for (let slot = 0; slot < slots; slot += 1) {
      ticks[slot * tickLength] = question.count ?? places.length;
      all.set(places, slot * entryRoom);
    }
    const cpuNs = new Float64Array(all.length);
    const bytes = Buffer.alloc(Math.max(1, slots) * statRoom);
    const taken = new Int32Array(1);
    const outcome = library.take(
      plan,
      question.bell ?? new Int32Array(2),
      Int32Array.from(pids),
      Float64Array.from(question.told ?? pids.map(() => 0)),
      Float64Array.from(question.searchedAtForks ?? pids.map(() => Number.POSITIVE_INFINITY)),
      ticks,
      all,
      cpuNs,
      bytes,
      taken,
    );
    closeSync(statFile);
    const last = Math.max(0, fields.firstTick + (taken[0] ?? 0) - 1);
    const length = ticks[last * tickLength + tickField.statLength] ?? 0;
    return {
      outcome,
      taken: taken[0] ?? Number.NaN,
      cpuNs: [...cpuNs.subarray(last * entryRoom, last * entryRoom + places.length)],
      statText: bytes.toString('latin1', last * statRoom, last * statRoom + length),
      of: (tick, field) => ticks[tick * tickLength + tickField[field]] ?? Number.NaN,
    };
  }

  function sleeperPids(): number[] {
    return sleepers.map(({ pid }) => pid ?? 0);
  }

  it('reads what the file says and the very nanoseconds that JavaScript reads', () => {
    const clock = loadCpuClock();
    const pids = sleeperPids();
    const answer = ask({ pids, ticks: 3, places: [2, 0, 1, 0] });
    expect(answer).toMatchObject({ outcome: glanceOutcome.allTaken, taken: 3, statText: stat });
    expect(answer.cpuNs).toEqual([2, 0, 1, 0].map((place) => clock?.readNs(pids[place] ?? 0)));
    expect(answer.of(2, 'forks')).toBe(4711);
  });

  it('takes none before its time, in order, at instants of the system’s clock', () => {
    const before = nowMs();
    const answer = ask({ pids: sleeperPids(), ticks: 3, plan: { firstDeadlineMs: before + 20 } });
    const times = [0, 1, 2].flatMap((tick) => [answer.of(tick, 'startedAtMs'), answer.of(tick, 'readAtMs')]);
    expect(times).toEqual(times.toSorted((left, right) => left - right));
    expect(times[0]).toBeGreaterThanOrEqual(before + 20);
    expect(times.at(-1)).toBeLessThan(nowMs());
  });

  it('writes to the slots that it was given and to no other', () => {
    const answer = ask({ pids: sleeperPids(), ticks: 2, plan: { firstTick: 3 } });
    expect([0, 1, 2].map((tick) => answer.of(tick, 'statLength'))).toEqual([0, 0, 0]);
    expect([3, 4].map((tick) => answer.of(tick, 'statLength'))).toEqual([stat.length, stat.length]);
  });

  it('stops where a process is gone, and tells no time of it', () => {
    const answer = ask({ pids: [...sleeperPids(), noSuchPid], ticks: 5 });
    expect(answer).toMatchObject({ outcome: glanceOutcome.notQuiet, taken: 1 });
    expect(answer.cpuNs.at(-1)).toBeNaN();
  });

  it('stops where one that ran may have a child, or where all have used much', () => {
    const [pid = 0] = sleeperPids();
    const mayHave = { pids: [pid], ticks: 2, told: [1] };
    expect(ask({ ...mayHave, searchedAtForks: [4710] }).taken).toBe(1);
    expect(ask({ ...mayHave, searchedAtForks: [4711] }).taken).toBe(2);
    expect(ask({ ...mayHave, searchedAtForks: [Number.NaN] }).taken).toBe(1);
    expect(ask({ ...mayHave, searchedAtForks: [Number.POSITIVE_INFINITY] }).taken).toBe(2);
    expect(ask({ ...mayHave, plan: { quietNsPerMs: 0 } }).taken).toBe(1);
  });

  it('takes a count of forks that was cut, or is not there, for unknown', () => {
    expect(ask({ stat: 'cpu0 1 2\nprocesses 47' }).of(0, 'forks')).toBeNaN();
    expect(ask({ stat: 'cpu0 1 2\nprocesses \n' }).of(0, 'forks')).toBeNaN();
    expect(ask({ stat: '' }).of(0, 'forks')).toBeNaN();
  });

  it('says so where /proc/stat is longer than the room for it', () => {
    expect(ask({ plan: { statRoom: stat.length } })).toMatchObject({ outcome: noBufferSpace, taken: 0 });
    expect(ask({ plan: { statRoom: stat.length + 1 } })).toMatchObject({ taken: 1, statText: stat });
    const long = `cpu0 1 2\nintr ${'0 '.repeat(6000)}\nprocesses 7\n`;
    expect(ask({ stat: long, plan: { statRoom: 16384 } })).toMatchObject({ taken: 1, statText: long });
  });

  it('returns at once where a command has come in, before it takes a tick', () => {
    const answer = ask({ pids: sleeperPids(), bell: Int32Array.of(1, 0) });
    expect(answer).toMatchObject({ outcome: glanceOutcome.bellRang, taken: 0 });
  });

  it('wakes when another thread rings', async () => {
    const bell = new Int32Array(new SharedArrayBuffer(8));
    const ringer = new Worker(
      `const { workerData: { bell, wakeFile } } = require('node:worker_threads');
       setTimeout(() => {
         Atomics.add(bell, 0, 1);
         require('node:fs').writeSync(wakeFile, new Uint8Array(new BigUint64Array([1n]).buffer));
       }, 20);`,
      { eval: true, workerData: { bell, wakeFile } },
    );
    const ended = new Promise((resolve) => ringer.once('exit', resolve));
    const answer = ask({ bell, plan: { firstDeadlineMs: nowMs() + 20_000 } });
    expect(answer).toMatchObject({ outcome: glanceOutcome.bellRang, taken: 0 });
    await ended;
  });

  it('leaves it to the caller which deadline comes next when it is late', () => {
    const late = { firstDeadlineMs: nowMs() - 50 };
    expect(ask({ ticks: 3, plan: late })).toMatchObject({ outcome: glanceOutcome.wasLate, taken: 1 });
    const tooNear = { firstDeadlineMs: nowMs() - 1, everyMs: 1e5, leastApartMs: 2e5 };
    expect(ask({ ticks: 3, plan: tooNear })).toMatchObject({ outcome: glanceOutcome.wasLate, taken: 1 });
  });

  it('refuses a plan that does not fit its arrays', () => {
    const pids = sleeperPids();
    expect(ask({ pids, places: [0, 3] }).outcome).toBe(invalid);
    expect(ask({ pids, places: [-1] }).outcome).toBe(invalid);
    expect(ask({ pids, count: 9 }).outcome).toBe(invalid);
    expect(ask({ pids, count: Number.NaN }).outcome).toBe(invalid);
    expect(ask({ pids, plan: { ticks: 0 } }).outcome).toBe(invalid);
    expect(ask({ pids, plan: { statFile: -1 } }).outcome).toBe(invalid);
  });
});

describe('loading it', () => {
  it('fails with what is missing and what to install where there is none', () => {
    const loaded = loadNativeLibrary('/nowhere/sampler.so');
    expect(loaded).toMatchObject({ ok: false, problem: { kind: 'no-native-library' } });
    if (!loaded.ok) expect(loaded.problem.advice).toContain('gcc libc6-dev');
  });
});
