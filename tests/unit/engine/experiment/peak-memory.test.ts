import { describe, expect, it } from 'vitest';
import { createPeakMemory, type MemoryPeaks } from '../../../../src/engine/experiment/peak-memory.ts';

/**
 * The peaks in MB of samples drawn one a line: the time, then `rss/pss` of each process (`-` not read yet, `.` not
 * there). Work lasts from 100 to 500 ms.
 */
function peaksOf(drawing: string, work: { fromMs: number; toMs: number } | null = workSpan): MemoryPeaks {
  const memory = createPeakMemory();
  for (const line of drawing.trim().split('\n')) {
    const [at = '', ...cells] = line.trim().split(/\s+/);
    const processes = cells.flatMap((text, key) => {
      const [rss = '', pss = ''] = text.split('/');
      return text === '.' ? [] : [{ key, rssBytes: Number(rss), pssBytes: pss === '-' ? NaN : Number(pss) }];
    });
    memory.add(Number(at), processes);
  }
  return memory.result(work);
}

const workSpan = { fromMs: 100, toMs: 500 };

describe('the most memory of a run', () => {
  it('is the largest sum over its processes at one sample', () => {
    const peaks = peaksOf(`
      50  40/30  .      .
      200 40/30  50/20  50/20
      300 60/45  50/20  .`);
    expect(peaks).toEqual({ rssBytes: 140, pssBytes: 70 });
  });

  it('is unknown where nothing was seen while the workers were at work', () => {
    const nothing = { rssBytes: null, pssBytes: null };
    expect(peaksOf('50 40/30\n 600 20/10')).toEqual(nothing);
    expect(peaksOf('200 40/30', null)).toEqual(nothing);
    expect(peaksOf('200 .')).toEqual(nothing);
  });

  it('has no PSS where that of the workers was never read, however well that of the host is known', () => {
    const peaks = peaksOf(`
      100 40/30  .     .
      200 40/30  50/-  50/-
      300 40/30  50/-  50/20`);
    expect(peaks).toEqual({ rssBytes: 140, pssBytes: null });
  });

  it('has no PSS that was read before a process grew', () => {
    const early = `
      100 10000000/8000000
      200 50000000/8000000`;
    expect(peaksOf(early)).toEqual({ rssBytes: 50e6, pssBytes: null });
    expect(peaksOf(`${early}\n 300 50000000/40000000`)).toEqual({ rssBytes: 50e6, pssBytes: 40e6 });
  });

  it('stands for what grew by a tenth since, or by a megabyte', () => {
    expect(peaksOf('100 50000000/40000000\n 200 54900000/40000000')).toMatchObject({ pssBytes: 40e6 });
    expect(peaksOf('100 4000000/3000000\n 200 5100000/3000000')).toMatchObject({ pssBytes: null });
    expect(peaksOf('100 9500000/3000000\n 200 10500000/3000000')).toMatchObject({ pssBytes: 3e6 });
  });

  it('has nothing of a process that has ended and was not collected yet', () => {
    const peaks = peaksOf(`
      100 40/30  50/20
      400 60/55  0/20`);
    expect(peaks).toEqual({ rssBytes: 90, pssBytes: 55 });
  });
});
