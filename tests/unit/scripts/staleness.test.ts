import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildStamp, isBuildInput } from '../../../scripts/setup/build.mjs';
import { dependenciesNeed, lockStamp } from '../../../scripts/setup/dependencies.mjs';

const lock = {
  packages: {
    '': { name: 'corescope', version: '0.1.0' },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/lightningcss-darwin-x64': { version: '1.0.0', optional: true },
  },
};
const installed = { packages: { 'node_modules/zod': { version: '4.6.7' } } };
const lockText = JSON.stringify(lock);
const installedText = JSON.stringify(installed);

describe('the dependencies', () => {
  it('are left alone when the stamp is that of the lock file', () => {
    expect(dependenciesNeed({ lockText, stampText: lockStamp(lockText), installedText })).toBe('nothing');
  });

  it('are installed when node_modules is missing', () => {
    expect(dependenciesNeed({ lockText, stampText: null, installedText: null })).toBe('install');
  });

  it('are installed when an installation was cut short after our stamp', () => {
    expect(dependenciesNeed({ lockText, stampText: lockStamp(lockText), installedText: null })).toBe(
      'install',
    );
  });

  it('are adopted when npm was run by hand, even though packages of other platforms are absent', () => {
    expect(dependenciesNeed({ lockText, stampText: null, installedText })).toBe('adopt');
  });

  it('are installed when the lock file changed to another version', () => {
    const newer = lockText.replace('4.6.7', '4.7.0');
    expect(dependenciesNeed({ lockText: newer, stampText: lockStamp(lockText), installedText })).toBe(
      'install',
    );
  });

  it('are installed when the lock file gained a package', () => {
    const more = JSON.stringify({
      packages: { ...lock.packages, 'node_modules/which': { version: '6.0.1' } },
    });
    expect(dependenciesNeed({ lockText: more, stampText: null, installedText })).toBe('install');
  });

  it('are installed when something is there that the lock file does not know', () => {
    const more = JSON.stringify({
      packages: { ...installed.packages, 'node_modules/stray': { version: '1.0.0' } },
    });
    expect(dependenciesNeed({ lockText, stampText: null, installedText: more })).toBe('install');
  });
});

const inputFiles = fc.uniqueArray(fc.record({ path: fc.string({ minLength: 1 }), content: fc.string() }), {
  selector: ({ path }) => path,
  minLength: 1,
});

describe('the stamp of a build', () => {
  it('does not depend on the order in which the files were found', () => {
    fc.assert(
      fc.property(inputFiles, (files) => {
        expect(buildStamp([...files].reverse())).toBe(buildStamp(files));
      }),
    );
  });

  it('changes when any one file changes, is renamed or goes away', () => {
    fc.assert(
      fc.property(inputFiles, fc.nat(), (files, number) => {
        const index = number % files.length;
        const others = files.filter((_file, position) => position !== index);
        const stamp = buildStamp(files);
        const file = files[index];
        if (file === undefined) throw new Error('the index is within the files');
        expect(buildStamp([...others, { ...file, content: `${file.content}x` }])).not.toBe(stamp);
        expect(buildStamp([...others, { ...file, path: `${file.path}\u{10ffff}` }])).not.toBe(stamp);
        expect(buildStamp(others)).not.toBe(stamp);
      }),
    );
  });

  it('tells a file boundary from content', () => {
    const two = [
      { path: 'a', content: 'x' },
      { path: 'b', content: 'y' },
    ];
    expect(buildStamp([{ path: 'a', content: 'xb\0y' }])).not.toBe(buildStamp(two));
  });

  it('is made from code, and not from pages or from what Python leaves behind', () => {
    const paths = [
      'src/engine/index.ts',
      'src/engine/README.md',
      'resources/python/__pycache__/run.txt',
      'a.pyc',
    ];
    expect(paths.filter(isBuildInput)).toEqual(['src/engine/index.ts']);
  });
});
