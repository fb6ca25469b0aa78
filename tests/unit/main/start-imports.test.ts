import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';

/**
 * What a file reads before its first line runs: files of ours by their path in src, packages by their name. Types
 * count where they are imported one by one (`import { type A }`): that statement stays, and has the file read.
 */
function readAtStart(entry: string): ReadonlySet<string> {
  const sources = join(import.meta.dirname, '..', '..', '..', 'src');
  const found = new Set<string>();
  const visit = (file: string): void => {
    const text = readFileSync(file, 'utf8');
    for (const [, target = ''] of text.matchAll(
      /^(?:import|export) (?!type )(?:[^;]*? from )?'([^']+)';/gm,
    )) {
      const path = target.startsWith('.') ? join(dirname(file), target) : null;
      const name = path === null ? target : relative(sources, path);
      if (found.has(name)) continue;
      found.add(name);
      if (path !== null) visit(path);
    }
  };
  visit(join(sources, entry));
  return found;
}

it('a window waits for no package but Electron and the one that checks its settings', () => {
  const names = [...readAtStart('main/index.ts')];
  expect(names).toContain('main/windows.ts');
  expect(names.filter((name) => !name.endsWith('.ts') && !name.startsWith('node:')).sort()).toEqual([
    'electron',
    'zod',
  ]);
  expect(names.filter((name) => name.startsWith('engine'))).toEqual(['engine/clock.ts']);
});

it("the thread that passes the sampler's frames on reads nothing of the sampling", () => {
  const names = readAtStart('main/sampler-process.ts');
  expect(names).toContain('engine/sampler/remote.ts');
  expect(names).not.toContain('engine/sampler/index.ts');
  expect([...names].filter((name) => /reader|systeminformation|pidusage|koffi/.test(name))).toEqual([]);
});
