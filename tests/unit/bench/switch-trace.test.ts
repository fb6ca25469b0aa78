import { existsSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listInterrupts, without } from '../../../bench/accuracy/interrupt-log.ts';
import { isWhole, parseSwitches, type TracedRun } from '../../../bench/accuracy/switch-log.ts';
import { startSwitchTrace } from '../../../bench/accuracy/switch-trace.ts';
import { chargeBeyond, trustTrace, witnessErrors } from '../../../bench/accuracy/traced-truth.ts';
import { type Checkpoint, errorOf, establishTruth } from '../../../bench/accuracy/truth.ts';

/** `12 idle>burner` is a switch at 12 ms on one core, in the words of Linux 6.18's tracefs. */
function drawTrace(switches: string, lost = 0): string {
  const tasks: Record<string, { name: string; pid: number }> = {
    idle: { name: 'swapper/1', pid: 0 },
    burner: { name: 'node', pid: 12415 },
    other: { name: 'next_pid=0 ==> x', pid: 15 },
  };
  const lines = switches
    .trim()
    .split('\n')
    .map((line) => {
      const [atMs = '', from = '', to = ''] = line.trim().split(/[ >]/);
      const [previous, next] = [tasks[from], tasks[to]];
      const seconds = (Number(atMs) / 1000).toFixed(6);
      return (
        `            node-12415   [001] d..2. ${seconds}: sched_switch: prev_comm=${previous?.name} prev_pid=${previous?.pid} ` +
        `prev_prio=120 prev_state=S ==> next_comm=${next?.name} next_pid=${next?.pid} next_prio=120`
      );
    });
  const head = `# entries-in-buffer/entries-written: ${lines.length}/${lines.length + lost}   #P:2`;
  return ['# tracer: nop', '#', head, '#', ...lines, ''].join('\n');
}

const trace = drawTrace(`
  10 idle>burner
  14 burner>other
  15 other>burner
  16 burner>idle
  20 idle>other
  21 other>idle
  30 idle>burner`);

function run(fromMs: number, toMs: number, edges: readonly number[] = []): TracedRun {
  return { pid: 12415, fromMs, toMs, edges };
}

function at(atMs: number, clockMs: number, burnerMs: number): Checkpoint {
  return { atMs, clockMs, burnerMs, coreMs: Number.NaN };
}

describe('a trace of switches', () => {
  it('tells when the task and when nothing was on the core, from the first instant to the last', () => {
    const log = parseSwitches(trace, run(5, 40));
    expect(log?.burner.edges).toEqual([10, 14, 15, 16, 30, 40]);
    expect(log?.idle.edges).toEqual([5, 10, 16, 20, 21, 30]);
    expect(log?.missing).toBe(0);
  });

  it('takes who is switched away from first for one that was there before', () => {
    const log = parseSwitches(drawTrace('12 burner>idle\n14 idle>burner'), run(10, 20));
    expect(log?.burner.edges).toEqual([10, 12, 14, 20]);
  });

  it('passes over what lies outside of its span, and lines of other kinds', () => {
    const other = `${trace}  node-12415 [001] d..2. 0.012000: sched_stat_runtime: comm=node pid=12415 runtime=1448589 [ns]\n`;
    const log = parseSwitches(other, run(13, 18));
    expect(log?.burner.edges).toEqual([13, 14, 15, 16]);
    expect(log?.idle.edges).toEqual([16, 18]);
  });

  it('says nothing where the buffer was too small', () => {
    expect(parseSwitches(drawTrace('12 burner>idle', 3), run(10, 20))).toBeNull();
  });

  it('lets the burner come, where its coming is missing, as long before its first sign of life as elsewhere', () => {
    const log = parseSwitches(
      drawTrace(`
        10 idle>burner
        14 burner>idle
        20 idle>burner
        24 burner>idle
        34 burner>idle
        40 idle>burner
        44 burner>idle
        49 other>idle`),
      run(5, 60, [11, 13, 21, 23, 31, 33, 41.5, 43]),
    );
    expect(log?.burner.edges).toEqual([10, 14, 20, 24, 30, 34, 40, 44]);
    expect(log?.idle.edges).toEqual([5, 10, 14, 20, 24, 30, 34, 40, 44, 49, 49, 60]);
    expect(log?.missing).toBe(2);
    expect(log?.seen).toBe(8);
  });

  it('takes another, whose going is missing, for short, and the core for idle from then on', () => {
    const log = parseSwitches(drawTrace('10 burner>idle\n20 idle>other\n30 idle>burner'), run(5, 40));
    expect(log?.idle.edges).toEqual([10, 20, 20, 30]);
    expect(log?.burner.edges).toEqual([5, 10, 30, 40]);
    expect(log?.missing).toBe(1);
  });

  it('is not whole where most switches from idle are missing, as on some virtual core', () => {
    const blind = parseSwitches(drawTrace('12 burner>idle\n22 burner>idle\n32 burner>idle'), run(10, 40));
    expect(blind?.missing).toBe(2);
    expect(blind !== null && isWhole(blind, 'core')).toBe(false);
    const holed = parseSwitches(drawTrace('10 burner>idle\n20 idle>other\n30 idle>burner'), run(5, 40));
    expect(holed !== null && isWhole(holed, 'core')).toBe(false);
    const seen = parseSwitches(trace, run(5, 40));
    expect(seen !== null && isWhole(seen, 'truth')).toBe(true);
    const unseen = parseSwitches(drawTrace('12 other>idle'), run(5, 40));
    expect(unseen !== null && isWhole(unseen, 'core')).toBe(false);
  });

  it('is made in tracefs and leaves nothing there', (test) => {
    const running = startSwitchTrace(process.pid, 0);
    if (running === null) return test.skip('no tracing for this user here');
    const log = running.stop([]);
    expect(log?.toMs).toBeGreaterThanOrEqual(log?.fromMs ?? Number.NaN);
    const folder = ['/sys/kernel/tracing/instances', '/sys/kernel/debug/tracing/instances'].find(existsSync);
    expect(readdirSync(folder ?? '/').filter((name) => name.includes(`accuracy-${process.pid}`))).toEqual([]);
  });
});

describe('interrupts in a trace', () => {
  /** In the words of Linux 6.18's tracefs. */
  const told: Record<string, string> = {
    timer: 'local_timer_entry: vector=236',
    'timer-end': 'local_timer_exit: vector=236',
    disk: 'irq_handler_entry: irq=24 name=virtio1-req.0',
    'disk-end': 'irq_handler_exit: irq=24 ret=handled',
    softirq: 'softirq_entry: vec=1 [action=TIMER]',
    'softirq-end': 'softirq_exit: vec=1 [action=TIMER]',
  };
  const draw = (events: string): string =>
    events
      .trim()
      .split(/\s*,\s*/)
      .map((event) => {
        const [atMs, name = ''] = event.split(' ');
        return `          <idle>-0       [001] d.h1. ${(Number(atMs) / 1000).toFixed(6)}: ${told[name]}\n`;
      })
      .join('');

  it('are told by their begins and ends, one within another as a part of it', () => {
    const text = draw('11 timer, 11.5 timer-end, 12 disk, 13 softirq, 14 softirq-end, 15 disk-end');
    expect(listInterrupts(text, { fromMs: 5, toMs: 40 })).toEqual([11, 11.5, 12, 15]);
  });

  it('count within the span only, and what goes on at its end until then', () => {
    const text = draw('4 timer, 6 timer-end, 12 disk, 13 disk-end, 38 timer, 41 timer-end');
    expect(listInterrupts(text, { fromMs: 5, toMs: 40 })).toEqual([12, 13, 38, 40]);
    expect(listInterrupts(trace, { fromMs: 5, toMs: 40 })).toEqual([]);
  });

  it('are work: the core was not idle while it was with one', () => {
    const text = trace + draw('6 timer, 6.5 timer-end, 12 timer, 13 timer-end, 29 disk, 30 disk-end');
    const log = parseSwitches(text, run(5, 40));
    expect(log?.idle.edges).toEqual([5, 6, 6.5, 10, 16, 20, 21, 29]);
    expect(log?.burner.edges).toEqual([10, 14, 15, 16, 30, 40]);
  });

  it('take from a list of spans what lies in another, whatever the two are', () => {
    const spans = fc
      .uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 12 })
      .map((edges) => edges.sort((one, other) => one - other).slice(0, edges.length & ~1));
    const holds = (edges: readonly number[], at: number): boolean =>
      edges.filter((edge) => edge <= at).length % 2 === 1;
    fc.assert(
      fc.property(spans, spans, fc.integer({ min: 0, max: 60 }), (from, taken, at) => {
        expect(holds(without(from, taken), at + 0.5)).toBe(holds(from, at + 0.5) && !holds(taken, at + 0.5));
      }),
    );
  });
});

describe('the truth of a trace', () => {
  const switches = parseSwitches(trace, run(5, 40));
  if (switches === null) throw new Error('the drawn trace is whole');
  const edges = [10.1, 15.9, 30.1, 39];

  it('holds a process against the time that it was on the core, and the core against the time that it was not idle', () => {
    const truth = establishTruth(edges, [], true, switches);
    const window = { fromMs: 11, toMs: 31 };
    // 3 and 1 of the first turn, 1 of the second.
    expect(errorOf({ what: 'process', share: 0.3, ...window }, truth, [])).toBeCloseTo(5, 9);
    // And 1 + 1 of another task.
    expect(errorOf({ what: 'core', share: 0.3, ...window }, truth, [])).toBeCloseTo(-5, 9);
  });

  it('knows nothing outside of the burner’s run', () => {
    const truth = trustTrace(edges, switches);
    expect(errorOf({ what: 'process', share: 0.3, fromMs: 9, toMs: 29 }, truth, [])).toBeNaN();
    expect(errorOf({ what: 'process', share: 0.3, fromMs: 20, toMs: 39.5 }, truth, [])).toBeNaN();
  });

  it('holds the clock of perf events against itself', () => {
    const truth = trustTrace(edges, switches);
    // By the trace 4 ms to 17, none to 27; by the clock 5 and none.
    const checkpoints = [at(11, 100, 0), at(17, 105, 0), at(27, 105, 0)];
    expect(witnessErrors(truth, checkpoints, 5)).toEqual([(1 / 6) * 100, 0]);
    expect(witnessErrors(truth, [at(11, Number.NaN, 0), at(17, Number.NaN, 0)], 5)).toEqual([]);
  });

  it('says what the kernel charged beyond it, at moments of sleep', () => {
    const long = parseSwitches(
      drawTrace('10 idle>burner\n14 burner>idle\n20 idle>burner\n24 burner>idle'),
      run(5, 40),
    );
    if (long === null) throw new Error('the drawn trace is whole');
    const truth = trustTrace([10, 14, 20, 24, 38, 39], long);
    const checkpoints = [at(11, 0, 0), at(16, 0, 50), at(22, 0, 53), at(26, 0, 54.5)];
    const charge = chargeBeyond(truth, long, checkpoints);
    expect(charge.points).toBeCloseTo(5, 9);
    expect(charge.perSwitchUs).toBeCloseTo(500, 9);
    expect(charge.switchesPerSecond).toBeCloseTo(100, 9);
    expect(chargeBeyond(truth, long, []).points).toBeNaN();
  });
});
