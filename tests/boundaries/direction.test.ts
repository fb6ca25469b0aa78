import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plantTree } from './planted-tree.ts';

/**
 * Who may import whom, drawn once more by hand: read from eslint.layers.js, a loosened table would prove itself.
 * A row imports, a column is imported.
 */
const design = `
            shared  engine  cli  main  preload  renderer
  shared    -       no      no   no    no       no
  engine    yes     -       no   no    no       no
  cli       yes     yes     -    no    no       no
  main      yes     yes     no   -     no       no
  preload   yes     no      no   no    -        no
  renderer  yes     no      no   no    no       -
`;

interface Pair {
  readonly importer: string;
  readonly imported: string;
  readonly allowed: boolean;
}

function readPairs(drawing: string): readonly Pair[] {
  const [columns, ...rows] = drawing
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return rows.flatMap(([importer = '', ...cells]) =>
    cells.flatMap((cell, index) =>
      cell === '-' ? [] : [{ importer, imported: columns?.[index] ?? '', allowed: cell === 'yes' }],
    ),
  );
}

const everyForm = (layer: string): string => `import { value } from '../../${layer}/index.ts';
import type { Shape } from '../../${layer}/index.ts';
import { type Shape as Again } from '../../${layer}/index.ts';
import { value as fromTheFolder } from '../../${layer}';
import Widget from '../../${layer}/widget.svelte';
import '../../${layer}/index.ts';
export { value as passedOn } from '../../${layer}/index.ts';
export type { Shape as PassedOn } from '../../${layer}/index.ts';
export * from '../../${layer}/index.ts';
export const later = import('../../${layer}/index.ts');
`;

const inEveryKindOfFile = [
  { kind: '.ts', write: everyForm, linesBefore: 0 },
  { kind: '.svelte.ts', write: everyForm, linesBefore: 0 },
  {
    kind: '.svelte',
    write: (layer: string) => `<script module lang="ts">\n${everyForm(layer)}</script>\n`,
    linesBefore: 1,
  },
];

const tree = plantTree(null);
const pairs = readPairs(design);
/** Lines that the direction wall reported, by file relative to the tree. */
const reportedLines = new Map<string, readonly number[]>();

function plant(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(tree.root, file)), { recursive: true });
  writeFileSync(path.join(tree.root, file), text);
}

beforeAll(async () => {
  for (const layer of new Set(pairs.map((pair) => pair.importer))) {
    plant(
      `src/${layer}/index.ts`,
      'export interface Shape { readonly sides: number }\nexport const value = 1;\n',
    );
    plant(`src/${layer}/widget.svelte`, '<p>widget</p>\n');
  }
  for (const { importer, imported } of pairs) {
    for (const { kind, write } of inEveryKindOfFile) {
      plant(`src/${importer}/panel/${imported}${kind}`, write(imported));
    }
  }
  for (const result of await new ESLint({ cwd: tree.root }).lintFiles(['src'])) {
    const wall = result.messages.filter((message) => message.ruleId === 'import-x/no-restricted-paths');
    const fatal = result.messages.find((message) => message.fatal);
    if (fatal !== undefined) throw new Error(`${result.filePath}: ${fatal.message}`);
    reportedLines.set(
      path.relative(tree.root, result.filePath),
      [...new Set(wall.map((message) => message.line))].sort((one, other) => one - other),
    );
  }
}, 120_000);

afterAll(() => tree.remove());

describe('the direction wall', () => {
  it('knows every layer of the design', () => {
    expect(pairs).toHaveLength(30);
    expect(pairs.filter((pair) => pair.allowed)).toHaveLength(7);
  });

  for (const { importer, imported, allowed } of pairs) {
    for (const { kind, write, linesBefore } of inEveryKindOfFile) {
      const lines = write(imported)
        .split('\n')
        .flatMap((line, index) => (line.includes('../../') ? [index + 1] : []));
      it(`${allowed ? 'lets' : 'stops'} ${importer} (${kind}) ${allowed ? 'import' : 'from importing'} ${imported} in every form`, () => {
        expect(lines).toHaveLength(10);
        expect(lines[0]).toBe(1 + linesBefore);
        expect(reportedLines.get(`src/${importer}/panel/${imported}${kind}`)).toEqual(allowed ? [] : lines);
      });
    }
  }
});
