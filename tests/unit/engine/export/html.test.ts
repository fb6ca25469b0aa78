import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../../../src/shared/experiment.ts';
import { experimentToHtml } from '../../../../src/engine/export/html.ts';
import { experimentFrom, traceFrom } from './sample-experiment.ts';

const traces = [
  traceFrom(
    `
    |001#######|
    |0000000000|`,
    { order: 1 },
  ),
  traceFrom(
    `
    |00####|
    |00####|`,
    { order: 1, strategy: 'processes', workers: 2 },
  ),
];

describe('the report', () => {
  const html = experimentToHtml(experimentFrom(), traces);

  it('begins with the verdict', () => {
    const text = textOf(html);
    expect(text.indexOf('; it is 1.86 times as fast as serial')).toBeGreaterThan(0);
    expect(text.indexOf('Run it as processes × 2 for')).toBeLessThan(text.indexOf('Results'));
  });

  it('shows each strategy with interval, cores, start-up, PSS beside struck-through RSS, and CPU time', () => {
    const row = /<tr class="winner">.*?<\/tr>/s.exec(html)?.[0] ?? '';
    expect(cellsOf(row)).toEqual([
      'processes × 2',
      '538 ms 530 to 547 ms',
      '1.86× 1.85× to 1.87×',
      '1.93',
      '31.0 ms',
      '36.0 MB 36.0 MB',
      '1.04 s',
    ]);
    expect(row).toMatch(/<s [^>]*>36\.0 MB<\/s>/);
  });

  it('draws every finished run as a dot, an interval and a bar per strategy', () => {
    const chart =
      /<svg class="drawing" role="img" aria-label="Median wall times.*?<\/svg>/s.exec(html)?.[0] ?? '';
    // 5 + 4 + 5 runs finished.
    expect(chart.match(/<circle [^>]*fill="var\(--ink\)"[^>]*>/g)).toHaveLength(14);
    expect(chart.match(/fill="var\(--bar\)"/g)).toHaveLength(2);
    expect(chart.match(/fill="var\(--winner\)"/g)).toHaveLength(1);
    expect(textOf(chart)).toContain('538 ms');
  });

  it('needs nothing outside itself and forbids it: no script, no link, no style but its own', () => {
    expect(html).not.toMatch(/<script|<link|<iframe|<form|@import|\son\w+=|javascript:/i);
    const addresses = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address = '']) => address);
    expect(addresses.filter((address) => !address.startsWith('data:image/png;base64,'))).toEqual([]);
    expect(html.match(/<style/g)).toHaveLength(1);
    expect(html).not.toMatch(/ style="/);
    const style = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    expect(policy.replaceAll('&#39;', "'").split('; ')).toEqual([
      "default-src 'none'",
      'img-src data:',
      `style-src 'sha256-${hash}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('is the same document for the same experiment', () => {
    expect(experimentToHtml(experimentFrom(), traces)).toBe(html);
  });

  it('names the seed, the sampling, its cost and the command that runs it again', () => {
    const text = textOf(html);
    expect(text).toContain('shuffled anew (seed 7)');
    expect(text).toContain(
      'sampled every 100 ms (achieved: 100 ms; 3 ticks missed). Peaks between two samples are not seen. The ' +
        'sampler itself used 2.1 % of one core and n/a of memory',
    );
    expect(text).toContain(
      'npx corescope compare count-loop --runtime python --strategies serial,threads,processes --workers 2 ' +
        '--tasks 2 --param n=10000000 --blocks 5 --no-control --warmup 1 --timeout 60 --seed 7 --python /usr/bin/python3',
    );
  });

  it('says why a run is missing', () => {
    expect(textOf(html)).toContain('failed: The run host ended with exit code 137 Give it more memory');
  });

  it('names the strategies whose cores cannot be drawn, as after a resume, with the reason', () => {
    expect(textOf(html)).toContain('What the cores did');
    expect(unsampled(html)).toBe('serial (run 5), threads × 2 (run 2)');
    const none = experimentToHtml(experimentFrom(), []);
    expect(none).not.toContain('<figure class="cores">');
    expect(unsampled(none)).toBe('serial (run 5), threads × 2 (run 2), processes × 2 (run 1)');
    expect(textOf(none)).toContain(
      'of runs made before it was resumed, or read from a file, only those are left',
    );
  });

  it('reads where nothing finished at all', () => {
    const failed = experimentToHtml(
      experimentFrom(`
      strategy    | walls by block | cores | start-up ms | PSS MB
      serial      | x x            | -     | -           | -
      processes×2 | t c            | -     | -           | -`),
      [],
    );
    expect(failed).toContain('<section class="verdict failed"');
    expect(cellsOf(/<tbody>\s*<tr>.*?<\/tr>/s.exec(failed)?.[0] ?? '')).toEqual([
      'serial',
      'n/a n/a',
      'n/a n/a',
      'n/a',
      'n/a',
      'n/a n/a',
      'n/a',
    ]);
    expect(failed).not.toContain('NaN');
  });
});

describe('text from outside', () => {
  const attack = `<script>alert("1")</script><img src=x onerror='alert(2)'>&`;

  it('stays text wherever it comes from', () => {
    const experiment = experimentFrom();
    const html = experimentToHtml(poison(experiment, attack), traces);
    expect(html).not.toMatch(/<script|<img src=x/);
    // Machine (5), interpreter (3 in 2 places), workload, version, verdict, evidence, problem.
    expect(html.split('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;').length - 1).toBeGreaterThan(14);
  });

  it('is quoted in the command, so that pasting it runs nothing else', () => {
    const html = experimentToHtml(poison(experimentFrom(), "x'; rm -rf ~; '"), traces);
    expect(textOf(/<pre>.*?<\/pre>/s.exec(html)?.[0] ?? '')).toContain(
      String.raw`compare 'x'\''; rm -rf ~; '\''' --runtime`,
    );
  });
});

/** The same experiment with every free text replaced. */
function poison(experiment: Experiment, text: string): Experiment {
  const { machine, interpreter, workload, verdict } = experiment;
  return {
    ...experiment,
    corescopeVersion: text,
    machine: { ...machine, os: text, kernel: text, arch: text, cpuModel: text, virtualization: text },
    interpreter:
      interpreter === null ? null : { ...interpreter, version: text, executable: text, implementation: text },
    workload: { ...workload, id: text, params: { [text]: 1 } },
    strategies: experiment.strategies.map((result) => ({
      ...result,
      runs: result.runs.map((run) =>
        run.state === 'failed' ? { ...run, problem: { kind: text, message: text, advice: text } } : run,
      ),
    })),
    verdict: { ...verdict, sentence: text, evidence: [text] },
  };
}

function textOf(html: string): string {
  return html
    .replace(/<style>.*?<\/style>/s, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');
}

function cellsOf(row: string): string[] {
  return [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => textOf(cell).trim());
}

function unsampled(html: string): string | undefined {
  return /Without samples, and so without a picture: (.*?)\. /.exec(textOf(html))?.[1];
}
