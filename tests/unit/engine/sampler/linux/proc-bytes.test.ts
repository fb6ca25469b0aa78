import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createStatFields,
  forEachPid,
  parseForks,
  parseNumberAt,
  parseStatInto,
  type StatFields,
} from '../../../../../src/engine/sampler/linux/proc-bytes.ts';
import { parseStat } from '../../../../../src/engine/sampler/linux-proc.ts';
import { statLine, statLineFields } from '../support/stat-line.ts';

const leftOver = ') 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9\nprocesses 7\n';

/** As a file in the one buffer: behind it stands what is left of a longer one. */
function inBuffer(text: string): { readonly bytes: Buffer; readonly length: number } {
  return { bytes: Buffer.from(text + leftOver), length: Buffer.byteLength(text) };
}

function read(text: string): StatFields | null {
  const { bytes, length } = inBuffer(text);
  const fields = createStatFields();
  return parseStatInto(bytes, length, fields) ? fields : null;
}

describe('the bytes of /proc/PID/stat', () => {
  it('give state, parent, faults, CPU, threads, start and core', () => {
    expect(read(statLine('node'))).toMatchObject(statLineFields);
  });

  it('are read right whatever the program calls itself', () => {
    for (const name of ['a b', ') R 1 1', '(x) ', 'a)\nb (c', '', ')))', 'ü) ']) {
      expect(read(statLine(name))).toMatchObject(statLineFields);
    }
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(read(statLine(name))).toMatchObject(statLineFields);
      }),
    );
  });

  it('mark another name with another number, and the same with the same', () => {
    const names = [
      'a',
      'b',
      'ab',
      'ba',
      '',
      ')',
      '(',
      '((',
      'a)',
      'a) R 1',
      'kworker/0:1-mm',
      'kworker/0:1-rcu',
    ];
    expect(new Set(names.map((name) => read(statLine(name))?.nameMark)).size).toBe(names.length);
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(read(statLine(name))?.nameMark).toBe(read(statLine(name))?.nameMark);
      }),
    );
  });

  it('say what the text parser says', () => {
    const number = fc.nat({ max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(number, number, number, number, (parentPid, user, system, start) => {
        const line = `7 (x) R ${parentPid} 1 1 0 -1 0 0 0 0 0 ${user} ${system} 0 0 20 0 1 0 ${start} 5 6 7\n`;
        const text = parseStat(line);
        expect(read(line)).toMatchObject({ parentPid: text?.parentPid, startTicks: text?.startTicks });
        const fields = read(line);
        expect(((fields?.userTicks ?? 0) + (fields?.systemTicks ?? 0)) * 10).toBe(text?.cpuMs);
        // The line ends before the core.
        expect(fields?.lastCore).toBeNaN();
      }),
    );
  });

  it('are refused where they were cut, and where they are something else', () => {
    const line = statLine('node');
    const untilStart = line.indexOf(' 86755 ') + ' 86755'.length;
    fc.assert(
      fc.property(fc.nat({ max: untilStart }), (length) => {
        expect(read(line.slice(0, length))).toBeNull();
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const fields = createStatFields();
        expect(() => parseStatInto(bytes, bytes.length, fields)).not.toThrow();
      }),
    );
    expect(read('7 (x) R one 2 3')).toBeNull();
  });
});

describe('the bytes of the smaller files', () => {
  function numberAt(text: string, position: number): number {
    const { bytes, length } = inBuffer(text);
    return parseNumberAt(bytes, length, position);
  }
  function pidsOf(text: string): number[] {
    const { bytes, length } = inBuffer(text);
    const pids: number[] = [];
    forEachPid(bytes, length, (pid) => pids.push(pid));
    return pids;
  }

  it('statm and schedstat: the number at a place, unknown where there is none', () => {
    expect(numberAt('2221 425 380 5 0 95 0\n', 1)).toBe(425);
    expect(numberAt('1234567890 55 12\n', 0)).toBe(1_234_567_890);
    expect(numberAt('12', 0)).toBeNaN();
    expect(numberAt('12 \n', 1)).toBeNaN();
    expect(numberAt('', 0)).toBeNaN();
  });

  it('children: the pids between spaces, however many', () => {
    expect(pidsOf('')).toEqual([]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 2 ** 22 })), (pids) => {
        expect(pidsOf(pids.map((pid) => `${pid} `).join(''))).toEqual(pids);
      }),
    );
  });
});

describe('the bytes of /proc/stat', () => {
  const text = [
    'cpu  300 0 100 3000 60 0 0 0 0 0',
    'cpu0 100 0 50 1000 20 0 0 0 0 0',
    'cpu2 200 0 50 2000 40 0 0 0 0 0',
    'intr 528581 0 0 0',
    'ctxt 12345',
    'btime 1700000000',
    'processes 51881',
    'procs_running 2',
    '',
  ].join('\n');
  const { bytes, length } = inBuffer(text);

  it('tell how much was ever begun, or that it is not known', () => {
    expect(parseForks(bytes, length)).toBe(51_881);
    const none = inBuffer('cpu0 1 2 3 4 5\n');
    expect(parseForks(none.bytes, none.length)).toBeNaN();
  });
});
