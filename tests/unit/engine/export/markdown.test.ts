import { describe, expect, it } from 'vitest';
import { compareWithBaseline } from '../../../../src/engine/analysis/baseline.ts';
import { judgeBudget, parseBudget } from '../../../../src/engine/analysis/budget.ts';
import { experimentToMarkdown } from '../../../../src/engine/export/markdown.ts';
import { experimentFrom } from './sample-experiment.ts';

describe('the result for a pull request', () => {
  it('begins with the verdict and the table, the recommended strategy in bold', () => {
    const experiment = experimentFrom();
    const text = experimentToMarkdown(experiment);
    const opening = text.split('\n\n<details>')[0];
    expect(opening).toBe(
      `
### 🏁 count-loop: threads or processes?

${experiment.verdict.sentence}

|  | wall | speed-up | 95 % interval | cores | start-up | memory | CPU |
| :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| Serial | 1.00 s | 1.00× | by definition | 1.00 | 100 µs | 12.0 MB | 1.00 s |
| Threads × 2 | 1.01 s | 0.99× | 0.98× to 1.00× | 1.01 | 600 µs | 12.5 MB | 1.02 s |
| **Processes × 2** | **538 ms** | **1.86×** | **1.85× to 1.87×** | **1.93** | **31.0 ms** | **36.0 MB** | **1.04 s** |`.trimStart(),
    );
    expect(text.match(/<details>/g)).toHaveLength(2);
    expect(text).toContain('```sh\nnpx corescope compare count-loop --runtime python');
  });

  it('tells what the gate found', () => {
    const experiment = experimentFrom();
    const budgets = ['speedup(processes)>1.5', 'peakPss(processes)<30MB'].flatMap((text) => {
      const parsed = parseBudget(text);
      return parsed.ok ? judgeBudget(parsed.value, experiment) : [];
    });
    const text = experimentToMarkdown(experiment, {
      budgets,
      baseline: compareWithBaseline(experiment, experiment),
    });
    expect(text).toContain(
      `
- ✅ \`speedup(processes)>1.5\`: Speed-up of processes × 2 is 1.86×; the limit is above 1.50×.
- ❌ \`peakPss(processes)<30MB\`: Peak memory (PSS) of processes × 2 is 36.0 MB; the limit is below 30.0 MB.
- ✅ No change against the baseline.
`,
    );
  });

  it('lets nothing from outside become markup', () => {
    const experiment = experimentFrom();
    const text = experimentToMarkdown({
      ...experiment,
      verdict: { ...experiment.verdict, sentence: '<img src=x> [a](b) | `c` @everyone\n# not a title' },
    });
    expect(text).toContain('\\<img src=x\\> \\[a\\](b) \\| \\`c\\` @\u200Beveryone \\# not a title');
  });
});
