import { describe, expect, it } from 'vitest';
import type { SampleFrame } from '../../../../src/shared/sample.ts';
import { createSteppedSampler, type Stepped } from './support/fake-system.ts';
import { drawEntities } from './support/tree-drawing.ts';

const unknown = Number.NaN;

/** One line per row: `key cpu rss pss`. */
function rowsOf(frame: SampleFrame): string[] {
  return [...frame.keys].map((key, row) =>
    [key, frame.cpuShare[row], frame.rssBytes[row], frame.pssBytes[row]].join(' '),
  );
}

function drawPublished(stepped: Stepped): string[] {
  return stepped
    .published()
    .map((message) =>
      'sequence' in message
        ? `frame ${message.sequence} of [${message.keys.join(' ')}]`
        : `entities +[${drawEntities(message.appeared).join(', ')}] -[${message.goneKeys.join(' ')}]`,
    );
}

describe('the sampler', () => {
  it('tells who came and went before the frame that shows it', async () => {
    const stepped = createSteppedSampler();
    const { system, sampler, tick } = stepped;
    sampler.watch({ pid: 10, owner: 'run' });
    system.processes = '10 host';
    await tick();
    system.processes = `
      10 host
        20 worker`;
    await tick();
    await tick();
    system.processes = '10 host';
    await tick();
    expect(drawPublished(stepped)).toEqual([
      'entities +[1: 10 host run/10] -[]',
      'frame 1 of [1]',
      'entities +[2: 20 worker run/10 under 1] -[]',
      'frame 2 of [1 2]',
      'frame 3 of [1 2]',
      'entities +[] -[2]',
      'frame 4 of [1]',
    ]);
    await sampler.stop();
  });

  it('gives unknown first, then CPU over the time between two readings', async () => {
    const { system, sampler, tick } = createSteppedSampler();
    sampler.watch({ pid: 10, owner: 'run' });
    system.processes = '10 host';
    system.cpuMs = { 10: 5000 };
    system.pssBytes = { 10: 7e6 };
    expect(rowsOf(await tick())).toEqual(['1 NaN 10000000 7000000']);
    system.cpuMs = { 10: 5090 };
    expect(rowsOf(await tick())).toEqual(['1 0.9 10000000 7000000']);
    system.cpuMs = { 10: 5150 };
    expect(rowsOf(await tick(50))).toEqual(['1 0.4 10000000 7000000']);
    await sampler.stop();
  });

  it('shows a process that vanished in mid-reading as unknown, and the others as they are', async () => {
    const { system, sampler, tick } = createSteppedSampler();
    sampler.watch({ pid: 10, owner: 'run' });
    system.processes = `
      10 host
        20 worker`;
    system.cpuMs = { 10: 0, 20: 0 };
    await tick();
    system.cpuMs = { 10: 30 };
    expect(rowsOf(await tick())).toEqual(['1 0.3 10000000 NaN', '2 NaN NaN NaN']);
    await sampler.stop();
  });

  it('sees a run with two threads at half a core each beside their process', async () => {
    const { system, sampler, tick } = createSteppedSampler();
    sampler.watch({ pid: 10, owner: 'run' });
    sampler.nameThread(10, 10, 'main');
    sampler.nameThread(10, 11, 'worker 1');
    sampler.nameThread(10, 12, 'worker 2');
    system.processes = '10 python3';
    system.cpuMs = { 10: 0 };
    system.threadCpuMs = { 10: 0, 11: 0, 12: 0 };
    await tick();
    system.cpuMs = { 10: 100 };
    system.threadCpuMs = { 10: 0, 11: 50, 12: 50 };
    expect(rowsOf(await tick())).toEqual(['1 1 10000000 NaN', '2 0.5 NaN NaN', '3 0.5 NaN NaN']);
    await sampler.stop();
  });

  it('knows the cores once their window is long enough', async () => {
    const { system, sampler, tick } = createSteppedSampler();
    const first = await tick();
    expect([first.coreWindowMs, ...first.coreBusy]).toEqual([unknown, unknown, unknown]);
    system.idleMs = [100, 0];
    await tick();
    system.idleMs = [150, 0];
    const third = await tick();
    expect([third.coreWindowMs, ...third.coreBusy]).toEqual([200, 0.25, 1]);
    await sampler.stop();
  });

  it('tells the cores and their limits before the first frame, and again when they change', async () => {
    const { system, sampler, tick } = createSteppedSampler();
    const heard: string[] = [];
    sampler.subscribe((message) => {
      const usable = message.type === 'topology' ? message.topology.usable : null;
      heard.push(usable === null ? message.type : `${usable.count} by ${usable.boundBy}`);
    });
    await tick();
    await tick();
    system.heldBackMs = 0;
    await tick();
    expect(heard).toEqual(['2 by machine', 'frame', 'frame', '1 by quota', 'frame']);
    await sampler.stop();
  });

  it('tells the error of the window, the share that a quota held back, and the clocks', async () => {
    const { system, sampler, tick } = createSteppedSampler();
    system.heldBackMs = 0;
    expect(await tick()).toMatchObject({ coreErrorShare: unknown, throttledShare: unknown });
    await tick();
    system.heldBackMs = 50;
    const third = await tick();
    expect(third.throttledShare).toBe(0.25);
    expect(third.coreErrorShare).toBeCloseTo(0.017, 10);
    expect([...third.coreMhz]).toEqual([2450, 2450]);
    await sampler.stop();
  });

  it('says what it costs itself', async () => {
    const { system, sampler, tick } = createSteppedSampler();
    system.ownCpuMs = 300;
    expect(await tick()).toMatchObject({ ownCpuShare: unknown, ownRssBytes: 60e6 });
    system.ownCpuMs = 302;
    expect(await tick()).toMatchObject({ ownCpuShare: 0.02, ownRssBytes: 60e6 });
    await sampler.stop();
  });

  it('says how late it is, and counts the ticks that a slow reading cost', async () => {
    const { system, sampler, tick } = createSteppedSampler();
    const show = ({ sequence, atMs, latenessMs, missedTicks }: SampleFrame): number[] => [
      sequence,
      atMs,
      latenessMs,
      missedTicks,
    ];
    expect(show(await tick())).toEqual([1, 1000, 0, 0]);
    expect(show(await tick(7))).toEqual([2, 1107, 7, 0]);
    system.readingTakesMs = 330;
    expect(show(await tick())).toEqual([3, 1200, 0, 0]);
    system.readingTakesMs = 0;
    expect(show(await tick())).toEqual([4, 1530, 30, 2]);
    expect(show(await tick())).toEqual([5, 1600, 0, 2]);
    await sampler.stop();
  });

  it('takes the middle of a reading for its time', async () => {
    const { system, sampler, tick } = createSteppedSampler();
    sampler.watch({ pid: 10, owner: 'run' });
    system.processes = '10 host';
    system.cpuMs = { 10: 0 };
    await tick();
    system.cpuMs = { 10: 60 };
    system.readingTakesMs = 40;
    expect((await tick()).cpuShare[0]).toBe(0.5);
    await sampler.stop();
  });

  it('reads processes no oftener than the system can bear, and repeats what it knows between', async () => {
    const { system, sampler, tick } = createSteppedSampler();
    sampler.watch({ pid: 10, owner: 'run' });
    system.processes = '10 host';
    system.processEveryMs = 300;
    const shares: (number | undefined)[] = [];
    for (let index = 0; index < 7; index += 1) {
      system.cpuMs = { 10: index * 50 };
      shares.push((await tick()).cpuShare[0]);
    }
    expect(shares).toEqual([unknown, unknown, unknown, 0.5, 0.5, 0.5, 0.5]);
    expect(system.processReadings).toBe(3);
    await sampler.stop();
  });

  it('tells a late subscriber the cores and what is alive', async () => {
    const { system, sampler, tick } = createSteppedSampler();
    sampler.watch({ pid: 10, owner: 'run' });
    system.processes = '10 host';
    await tick();
    const heard: string[] = [];
    const unsubscribe = sampler.subscribe((message) => heard.push(message.type));
    await tick();
    unsubscribe();
    await tick();
    expect(heard).toEqual(['topology', 'entities', 'frame']);
    await sampler.stop();
  });

  it('takes no tick after it was stopped', async () => {
    const { sampler, tick, published } = createSteppedSampler();
    await tick();
    await sampler.stop();
    expect(published()).toHaveLength(1);
    await sampler.stop();
    expect(published()).toHaveLength(0);
  });
});
