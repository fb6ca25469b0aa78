import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chooseName,
  parseChildren,
  parseCommandLine,
  parseMachineStat,
  parseMemory,
  parseSchedstatMs,
  parseStat,
} from '../../../../src/engine/sampler/linux-proc.ts';

/** A stat line as Linux 6.18 writes it (`cat /proc/self/stat`), with another name. */
function statLine(name: string): string {
  return (
    `4242 (${name}) S 4000 4242 4000 0 -1 4194304 1126 9 0 0 123 45 6 7 20 0 11 0 86755 ` +
    '1234567168 10240 18446744073709551615 1 1 0 0 0 0 0 4096 16898 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n'
  );
}

describe('/proc/PID/stat', () => {
  it('gives parent, CPU time in milliseconds and start', () => {
    expect(parseStat(statLine('node'))).toEqual({
      name: 'node',
      state: 'S',
      parentPid: 4000,
      cpuMs: 1680,
      startTicks: 86755,
    });
  });

  it('is read right whatever the program calls itself', () => {
    for (const name of ['a b', ') R 1 1', '(x) ', 'a)\nb (c', '', ')))']) {
      expect(parseStat(statLine(name))).toMatchObject({ name, parentPid: 4000, startTicks: 86755 });
    }
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(parseStat(statLine(name))).toMatchObject({ name, parentPid: 4000, cpuMs: 1680 });
      }),
    );
  });

  it('is refused when it was cut before the start time, or is something else', () => {
    const line = statLine('node');
    const untilStart = line.indexOf(' 86755');
    fc.assert(
      fc.property(fc.nat({ max: untilStart }), (length) => {
        expect(parseStat(line.slice(0, length))).toBeNull();
      }),
    );
    expect(parseStat('')).toBeNull();
    expect(parseStat('no brackets at all')).toBeNull();
  });
});

describe('/proc/stat', () => {
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

  it('counts waiting for the disk as idle, and leaves out the sum and cores that are offline', () => {
    expect(parseMachineStat(text).idleMs).toEqual(Float64Array.of(10_200, 20_400));
  });

  it('tells how many processes were ever begun, or that it does not know', () => {
    expect(parseMachineStat(text).forks).toBe(51_881);
    expect(parseMachineStat('cpu0 1 2 3 4\n').forks).toBeNull();
    expect(parseMachineStat('').idleMs).toHaveLength(0);
  });
});

describe('the smaller files of /proc', () => {
  it('children: pids between spaces, none in an empty file', () => {
    expect(parseChildren('12 345 6789 ')).toEqual([12, 345, 6789]);
    expect(parseChildren('')).toEqual([]);
  });

  it('schedstat: nanoseconds on a CPU, as milliseconds', () => {
    expect(parseSchedstatMs('1234567890 55 12\n')).toBe(1234.56789);
    expect(parseSchedstatMs('')).toBeNaN();
    expect(parseSchedstatMs('0 0\n')).toBeNaN();
  });

  it('smaps_rollup: in bytes, lines of like names left alone', () => {
    const lines = [
      '555e-7ffd ---p 00000000 00:00 0 [rollup]',
      'Rss:  1768 kB',
      'Pss:   323 kB',
      'Pss_Dirty: 112 kB',
      'Shared_Clean: 900 kB',
      'Shared_Dirty: 40 kB',
      'Private_Clean: 3 kB',
      'Private_Dirty: 20 kB',
      'Swap: 7 kB',
      'SwapPss: 5 kB',
    ];
    expect(parseMemory(`${lines.join('\n')}\n`)).toEqual({
      pssBytes: 323 * 1024,
      ussBytes: 23 * 1024,
      sharedDirtyBytes: 40 * 1024,
      swapBytes: 7 * 1024,
    });
    expect(parseMemory('')).toBeNull();
    expect(parseMemory('Rss: 5 kB\nPss_Dirty: 112 kB\n')).toBeNull();
  });

  it('cmdline: arguments on one line', () => {
    expect(parseCommandLine('python3\0-c\0print(1)\nprint(2)\0')).toBe('python3 -c print(1) print(2)');
    expect(parseCommandLine('')).toBe('');
  });
});

describe('the name of a process', () => {
  it('is the kernel’s, made whole where it was cut', () => {
    expect(chooseName('node', '/usr/bin/node app.js')).toBe('node');
    expect(chooseName('a-very-long-pro', './a-very-long-program-name --x')).toBe('a-very-long-program-name');
    expect(chooseName('kworker/0:1', '')).toBe('kworker/0:1');
    expect(chooseName('chrome', '/proc/self/exe --type=zygote')).toBe('chrome');
  });

  it('is the program’s where the main thread calls itself the main thread', () => {
    expect(chooseName('MainThread', '/usr/bin/node app.js')).toBe('node');
    expect(chooseName('node-MainThread', 'node app.js')).toBe('node');
  });
});
