import { describe, expect, it } from 'vitest';
import { judgeTargets } from '../../../bench/sampler/targets.ts';

describe('the targets', () => {
  it('are met at the ratio itself, missed above it, and not judged without a figure', () => {
    const cell = '10 Hz, 50 processes';
    const verdicts = judgeTargets([
      { cell, peer: 'pidusage', ratio: 1 / 8 },
      { cell, peer: 'psutil', ratio: 0.17 },
      { cell, peer: 'top', ratio: Number.NaN },
      { cell, peer: 'htop', ratio: 0.1 },
    ]);
    expect(verdicts.map(({ peer, verdict }) => `${peer} ${verdict}`)).toEqual([
      'pidusage met',
      'psutil missed',
      'top not measured',
      'systeminformation not measured',
    ]);
  });

  it('are asked for only where the cell was measured', () => {
    expect(judgeTargets([{ cell: '1 Hz, 50 processes', peer: 'pidusage', ratio: 1 }])).toEqual([]);
  });
});
