import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ForeignData } from '../../../../src/engine/import/foreign.ts';
import { importForeign } from '../../../../src/engine/import/index.ts';
import { problemOf, valueOf } from '../recording/support/made-recording.ts';

function fixture(name: string): string {
  return readFileSync(new URL(`../../../fixtures/foreign/${name}`, import.meta.url), 'utf8');
}

function read(text: string): ForeignData {
  return valueOf(importForeign(text, 'old.dat'));
}

/** Drawn by the format of psrecord 1.2 (`--log`): columns of 12, titles centred. */
const psrecordLog = `# Elapsed time   CPU (%)     Real (MB)   Virtual (MB)
       0.000        0.000       10.000      200.000
       0.105       98.500       12.500      200.000
       0.210      150.000       12.500      250.000
`;

describe('hyperfine', () => {
  it('gives every run of a real export in milliseconds', () => {
    const data = read(fixture('hyperfine-1.15.0.json'));
    if (data.kind !== 'timings') throw new Error(data.kind);
    const [sleep] = data.results;
    expect(data.results.map(({ command, wallMs }) => [command, wallMs.length])).toEqual([
      ['sleep 0.02', 5],
      ['python3 -c "sum(range(10**5))"', 5],
    ]);
    expect(sleep?.medianMs).toBeCloseTo(20.27655228, 9);
    expect(sleep?.exitCodes).toEqual([0, 0, 0, 0, 0]);
  });

  it('is told from other JSON by the place where it differs', () => {
    const { results } = JSON.parse(fixture('hyperfine-1.15.0.json')) as { results: object[] };
    const damaged = JSON.stringify({ results: [{ ...results[0], mean: 'fast' }] });
    const result = importForeign(damaged, 'old.json');
    expect(result.ok ? '' : result.problem.message).toContain(
      'old.json is not an export of hyperfine: results.0.mean',
    );
    expect(problemOf(importForeign('{"results":', 'old.json'))).toBe('not-hyperfine');
  });
});

describe('psrecord', () => {
  it('gives CPU in cores and memory in bytes', () => {
    const data = read(psrecordLog);
    if (data.kind !== 'series') throw new Error(data.kind);
    expect(data.series).toEqual([
      { name: 'CPU', unit: 'cores', atMs: [0, 105, 210], values: [0, 0.985, 1.5] },
      { name: 'RSS', unit: 'bytes', atMs: [0, 105, 210], values: [10485760, 13107200, 13107200] },
      {
        name: 'virtual memory',
        unit: 'bytes',
        atMs: [0, 105, 210],
        values: [209715200, 209715200, 262144000],
      },
    ]);
  });

  it('leaves out a last line that was cut off, says so, and names a damaged one in the middle', () => {
    const cut = read(`${psrecordLog}       0.315        9`);
    expect(cut.kind === 'series' ? cut.series[0]?.values : []).toEqual([0, 0.985, 1.5]);
    expect(cut.notes).toContain('The last line is cut off and was left out.');
    const damaged = importForeign(psrecordLog.replace('98.500', 'n/a'), 'old.log');
    expect(damaged.ok ? '' : damaged.problem.message).toBe('Line 3 of old.log is not 4 numbers.');
  });
});

describe('mprof', () => {
  it('gives the memory over time of a real file', () => {
    const data = read(fixture('mprof-0.61.dat'));
    if (data.kind !== 'series') throw new Error(data.kind);
    expect(data.command).toBe('/usr/bin/python3 grow.py');
    const [memory] = data.series;
    expect(memory?.atMs[0]).toBe(0);
    expect(Math.max(...(memory?.values ?? []))).toBe(36.644531 * 2 ** 20);
  });

  it('keeps the children of a real pool apart', () => {
    const data = read(fixture('mprof-0.61-children.dat'));
    expect(data.kind === 'series' ? data.series.map(({ name }) => name) : []).toEqual([
      'RSS',
      'RSS of child 10988',
      'RSS of child 10990',
    ]);
  });

  it('reads the functions that were marked', () => {
    const data = read('CMDLINE python x.py\nFUNC load 10.0 100.5 30.0 101.0 0\nMEM 10.0 100.0\n');
    expect(data.kind === 'series' ? data.spans : []).toEqual([{ name: 'load', fromMs: 500, toMs: 1000 }]);
  });
});

it('says which tools it reads when the text is of none of them', () => {
  expect(problemOf(importForeign('GIF89a', 'x'))).toBe('unknown-import');
});

it('never throws, whatever the text', () => {
  const texts = [psrecordLog, fixture('mprof-0.61.dat'), fixture('hyperfine-1.15.0.json')];
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.nat(), fc.string(), (text, at, inserted) => {
      const place = at % text.length;
      importForeign(text.slice(0, place) + inserted + text.slice(place), 'x');
      importForeign(text.slice(0, place), 'x');
      importForeign(inserted, 'x');
    }),
  );
});
