import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { differencesToMarkdown } from '../../../../src/engine/differences/markdown.ts';
import { differencesToJson, parseDifferences } from '../../../../src/engine/differences/report-schema.ts';
import type { DifferencesReport } from '../../../../src/shared/differences.ts';

const measured = readFileSync(
  path.resolve(import.meta.dirname, '../../../fixtures/differences/two-cores.json'),
  'utf8',
);

function reportOf(text: string): DifferencesReport {
  const parsed = parseDifferences(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value;
}

describe('a table of differences that was measured', () => {
  it('is read as it was written, and written as it was read', () => {
    const report = reportOf(measured);
    expect(reportOf(differencesToJson(report))).toEqual(report);
    expect(JSON.parse(differencesToJson(report))).toEqual(JSON.parse(measured));
  });

  it.each(['', '{', '{"schema":"corescope.experiment/1"}', measured.replace('"measured"', '"guessed"')])(
    'is not read from %.30s',
    (text) => {
      expect(parseDifferences(text)).toMatchObject({ ok: false, problem: { kind: 'damaged-differences' } });
    },
  );

  it('is a table in Markdown, with the advice and how each cell was measured', () => {
    const lines = differencesToMarkdown(reportOf(measured)).split('\n');
    expect(lines[2]).toBe(
      '|  | Node 20.20.2 threads | Node 20.20.2 processes | CPython 3.11.7 threads | CPython 3.11.7 processes |',
    );
    expect(lines).toContain('| a worker crashes | all die | others go on | all die | others go on |');
    expect(lines).toContain('<details><summary>How it was measured: CPython 3.11.7</summary>');
    expect(lines.filter((line) => line.startsWith('| '))).toHaveLength(12);
  });

  it('says in Markdown why a runtime is missing', () => {
    const report = reportOf(measured);
    const problem = { kind: 'no-python', message: 'No <Python> is here.', advice: 'Install it.' };
    const [node] = report.runtimes;
    if (node === undefined) throw new Error('no runtime in the fixture');
    const text = differencesToMarkdown({
      ...report,
      runtimes: [node, { state: 'unavailable', runtime: 'python', problem }],
    });
    expect(text).toContain(String.raw`**Python**: No \<Python\> is here. Install it.`);
    expect(text).not.toContain('CPython');
  });
});
