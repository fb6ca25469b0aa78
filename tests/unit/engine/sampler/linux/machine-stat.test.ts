import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coreTimeKinds } from '../../../../../src/engine/sampler/core-times.ts';
import { parseCoreTimes } from '../../../../../src/engine/sampler/linux/machine-stat.ts';

const leftOver = 'cpu9 1 2 3 4 5 6 7 8 9 10\nintr 5\n';

/** One line per core, as the file says them; `idle user system iowait irq steal` in milliseconds. */
function parse(text: string, coreCount = 0): string[] {
  // As in the one buffer: behind it stands what is left of a longer file.
  const bytes = Buffer.from(text + leftOver);
  const times = parseCoreTimes(bytes, Buffer.byteLength(text), coreCount);
  return Array.from({ length: times.length / coreTimeKinds }, (_, core) =>
    times.subarray(core * coreTimeKinds, (core + 1) * coreTimeKinds).join(' '),
  );
}

const unknown = 'NaN NaN NaN NaN NaN NaN';
/** `head -3 /proc/stat`, Linux 6.18, a virtual machine with two cores, 2026-11-21. */
const captured = `cpu  807608 858 151435 1370733 6534 0 1427 633 0 0
cpu0 393861 374 74184 699716 904 0 302 303 0 0
cpu1 413746 483 77250 671017 5629 0 1124 330 0 0
intr 528581 0 0 0
processes 51881
`;

describe('the core lines of /proc/stat', () => {
  it('give each kind of time, nice within user, and waiting for the disk within idle', () => {
    expect(parse(captured)).toEqual([
      '7006200 3942350 741840 9040 3020 3030',
      '6766460 4142290 772500 56290 11240 3300',
    ]);
  });

  it('stand at the number of their label, and keep the place of a core that went offline', () => {
    const text = 'cpu  3 3 3 3 3 3 3 3\ncpu0 1 0 2 3 4 5 6 7 8 9\ncpu2 1 1 1 1 1 1 1 1 0 0\nintr 1\n';
    const core0 = '70 10 20 40 110 70';
    const core2 = '20 20 10 10 20 10';
    expect(parse(text)).toEqual([core0, unknown, core2]);
    expect(parse(text, 4)).toEqual([core0, unknown, core2, unknown]);
  });

  it('leave unknown what an old kernel does not tell', () => {
    expect(parse('cpu0 1 0 2 3 4\nintr 1\n')).toEqual(['70 10 20 40 NaN NaN']);
    expect(parse('cpu0 1 0 2 3 4 5 6\nintr 1\n')).toEqual(['70 10 20 40 110 NaN']);
  });

  it('say nothing where there are none, or what they hold is no number', () => {
    expect(parse('')).toEqual([]);
    expect(parse('', 2)).toEqual([unknown, unknown]);
    expect(parse('cpu0 1 2 x 4 5\ncpu1 1 1 1 1 1 1 1 1\n', 2)).toEqual([unknown, unknown]);
    expect(parse('cpu0 1 2 3\n', 1)).toEqual([unknown]);
  });

  it('hold for any number of cores, and for any cut', () => {
    const column = fc.nat({ max: 2 ** 40 });
    const cores = fc.array(fc.tuple(column, column), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(cores, fc.nat(), (drawn, cutAt) => {
        const lines = drawn.map(([idle, wait], core) => `cpu${core} 1 2 3 ${idle} ${wait} 6 7 8 0 0\n`);
        const text = `cpu  1 2 3 4 5 6 7 8 0 0\n${lines.join('')}`;
        const whole = drawn.map(([idle, wait]) => `${(idle + wait) * 10} 30 30 ${wait * 10} 130 80`);
        expect(parse(text)).toEqual(whole);
        const cut = parse(text.slice(0, cutAt % text.length));
        expect(cut).toEqual(whole.slice(0, cut.length));
      }),
      { numRuns: 50 },
    );
  });
});
