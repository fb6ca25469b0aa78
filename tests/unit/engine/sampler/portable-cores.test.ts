import type os from 'node:os';
import { describe, expect, it } from 'vitest';
import { createPortableCores } from '../../../../src/engine/sampler/portable-cores.ts';

function cpu(user: number, nice: number, sys: number, idle: number, irq: number): os.CpuInfo {
  return { model: 'any', speed: 2400, times: { user, nice, sys, idle, irq } };
}

describe('the portable cores', () => {
  const readCpus = (): os.CpuInfo[] => [cpu(10, 1, 5, 100, 2), cpu(20, 0, 7, 200, 3)];

  it('on macOS: idle, user and system; interrupts are not told there', () => {
    const cores = createPortableCores({ platform: 'darwin', readCpus });
    expect([...cores.readCoreTimes()]).toEqual(
      [100, 11, 5, Number.NaN, Number.NaN, Number.NaN].concat([
        200,
        20,
        7,
        Number.NaN,
        Number.NaN,
        Number.NaN,
      ]),
    );
  });

  it('on Windows: interrupts are told within system, and are taken out of it', () => {
    const cores = createPortableCores({ platform: 'win32', readCpus });
    expect([...cores.readCoreTimes()].slice(0, 6)).toEqual([100, 11, 3, Number.NaN, 2, Number.NaN]);
  });

  it('tell how many there are, and on Windows the affinity that will be inherited', () => {
    const mac = createPortableCores({ platform: 'darwin', readCpus, countAvailable: () => 1 });
    expect(mac.readTopology(null).usable).toMatchObject({
      count: 2,
      boundBy: 'machine',
      affinityCores: null,
    });
    let available = 1;
    const windows = createPortableCores({ platform: 'win32', readCpus, countAvailable: () => available });
    const first = windows.readTopology(null);
    expect(first.usable).toMatchObject({ count: 1, boundBy: 'affinity' });
    expect(windows.readTopology(null)).toBe(first);
    available = 2;
    expect(windows.readTopology(null).usable).toMatchObject({ count: 2, boundBy: 'machine' });
  });

  it('know no clocks: os.cpus() tells what is printed on the box', () => {
    const column = Float64Array.of(Number.NaN, Number.NaN);
    createPortableCores({ platform: 'darwin', readCpus }).readCoreMhz(column);
    expect([...column]).toEqual([Number.NaN, Number.NaN]);
  });
});
