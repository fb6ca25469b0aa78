import { describe, expect, it } from 'vitest';
import { filesInArguments } from '../../../src/main/open-files.ts';

describe('files that a start of the app names', () => {
  it('are found among switches, relative ones from the folder of that start', () => {
    const argv = ['corescope', '--no-sandbox', 'run.corescope', '/data/work.py', '--lang=de'];
    expect(filesInArguments(argv, '/home/me', true)).toEqual(['/home/me/run.corescope', '/data/work.py']);
  });

  it('do not include the app itself where Electron runs it from its folder', () => {
    const argv = ['electron', '--user-data-dir=/tmp/p', '/src/app.ts', 'work.mjs'];
    expect(filesInArguments(argv, '/home/me', false)).toEqual(['/home/me/work.mjs']);
  });

  it('are only such as Corescope opens', () => {
    expect(filesInArguments(['corescope', 'notes.txt', 'corescope://x', 'a.PY'], '/', true)).toEqual([
      '/a.PY',
    ]);
    expect(filesInArguments(['corescope'], '/', true)).toEqual([]);
  });
});
