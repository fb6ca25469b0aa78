import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * A tree with the project's own walls around files that break them: the real ESLint configuration, the real
 * tsconfigs and the real node_modules, and instead of `src/` what a test planted there. It lies outside the
 * checkout, so that nobody else's lint or build ever sees the offences.
 */
export interface PlantedTree {
  readonly root: string;
  remove(): void;
}

export const projectRoot = path.resolve(import.meta.dirname, '../..');
const plantedFolder = path.join(import.meta.dirname, 'planted');

const configuration = ['package.json', 'eslint.config.js', 'eslint.layers.js', 'tsconfig.base.json'];

/** The tsconfigs of all parts, as the root's lists them: the real ESLint configuration reads each. */
function partConfigurations(): string[] {
  const root = readFileSync(path.join(projectRoot, 'tsconfig.json'), 'utf8');
  const { references } = JSON.parse(root) as { readonly references: readonly { readonly path: string }[] };
  return references.map((reference) => path.join(reference.path, 'tsconfig.json'));
}

/** @param garden the folder of `planted/` to copy in; null for a tree that the test fills itself. */
export function plantTree(garden: string | null): PlantedTree {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'corescope-walls-')));
  for (const file of [...configuration, ...partConfigurations()]) {
    cpSync(path.join(projectRoot, file), path.join(root, file));
  }
  symlinkSync(path.join(projectRoot, 'node_modules'), path.join(root, 'node_modules'));
  if (garden !== null) cpSync(path.join(plantedFolder, garden), root, { recursive: true });
  return {
    root,
    remove(): void {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Paths of the planted sources, relative to the garden, with what the first line of each says to expect. */
export function plantedFiles(
  garden: string,
): readonly { readonly file: string; readonly expected: string }[] {
  const root = path.join(plantedFolder, garden);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.(ts|svelte)$/.test(file))
    .map((file) => {
      const expected = /expect: (.+?)(?: -->)?\n/.exec(readFileSync(path.join(root, file), 'utf8'))?.[1];
      if (expected === undefined) throw new Error(`${file} does not say what to expect of it`);
      return { file, expected };
    });
}
