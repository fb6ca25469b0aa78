import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLabel, parseLabelled } from '../../../../../src/engine/sampler/linux/detail-bytes.ts';

function read(text: string, labels: readonly string[], length = Buffer.byteLength(text)): number[] {
  const into = new Float64Array(labels.length).fill(-1);
  // What stands behind `length` is left over from an earlier file.
  parseLabelled(Buffer.from(`${text}VmHWM:\t99 kB\n`), length, labels.map(createLabel), into);
  return [...into];
}

const status = `Name:\tVmHWM: 7
VmPeak:\t    3060 kB
VmHWM:\t    1744 kB
VmRSS:\t    1700 kB
voluntary_ctxt_switches:\t12
nonvoluntary_ctxt_switches:\t3
`;

describe('the labelled numbers of /proc', () => {
  it('are found by what the line begins with', () => {
    expect(read(status, ['VmHWM:', 'voluntary_ctxt_switches:', 'nonvoluntary_ctxt_switches:'])).toEqual([
      1744, 12, 3,
    ]);
  });

  it('are found between colons and spaces, without what stands behind a point', () => {
    const sched =
      'cat (8146, #threads: 1)\n-----\nse.exec_start      :   12042148.663683\nnr_switches  :   5\n';
    expect(read(sched, ['se.exec_start', 'nr_switches'])).toEqual([12_042_148, 5]);
  });

  it('are unknown where there is no such line, no number, or an end in the middle of one', () => {
    expect(read('VmRSS:\t1 kB\n', ['VmHWM:'])).toEqual([Number.NaN]);
    expect(read('VmHWM:\t kB\n', ['VmHWM:'])).toEqual([Number.NaN]);
    expect(read('VmHWM:\t17', ['VmHWM:'])).toEqual([Number.NaN]);
    expect(read('', ['VmHWM:'])).toEqual([Number.NaN]);
  });

  it('are whole or unknown wherever the file was cut', () => {
    fc.assert(
      fc.property(fc.nat(status.length), (length) => {
        const [peak = 0, voluntary = 0] = read(status, ['VmHWM:', 'voluntary_ctxt_switches:'], length);
        expect(peak === 1744 || Number.isNaN(peak)).toBe(true);
        expect(voluntary === 12 || Number.isNaN(voluntary)).toBe(true);
      }),
    );
  });

  it.runIf(process.platform === 'linux')('of this process are what its status says', () => {
    const text = readFileSync('/proc/self/status', 'utf8');
    const numberOf = (label: string): number =>
      Number(new RegExp(`^${label}:\\s+(\\d+)`, 'm').exec(text)?.[1]);
    expect(read(text, ['VmHWM:', 'Threads:'])).toEqual([numberOf('VmHWM'), numberOf('Threads')]);
  });
});
