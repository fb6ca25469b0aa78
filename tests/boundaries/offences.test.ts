import path from 'node:path';
import { ESLint } from 'eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plantedFiles, plantTree } from './planted-tree.ts';

const tree = plantTree('lint');
const offences = plantedFiles('lint');
const reportedRules = new Map<string, string>();

beforeAll(async () => {
  for (const result of await new ESLint({ cwd: tree.root }).lintFiles(['src'])) {
    const rules = result.messages.map((message) => message.ruleId ?? message.message);
    reportedRules.set(path.relative(tree.root, result.filePath), [...new Set(rules)].sort().join(' '));
  }
}, 120_000);

afterAll(() => tree.remove());

describe('the lint rules', () => {
  it('looked at every planted file', () => {
    expect([...reportedRules.keys()].sort()).toEqual(offences.map(({ file }) => file).sort());
    expect(offences.length).toBeGreaterThan(20);
  });

  it.each(offences)('report in $file: $expected', ({ file, expected }) => {
    expect(reportedRules.get(file)).toBe(expected === 'nothing' ? '' : expected);
  });
});
