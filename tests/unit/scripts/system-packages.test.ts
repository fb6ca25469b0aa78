import { describe, expect, it } from 'vitest';
import {
  installCommand,
  missingPackages,
  neededPackages,
  packageNamesHere,
  parseInstallable,
  parseInstalled,
} from '../../../scripts/setup/system-packages.mjs';

const nothing = {
  electron: false,
  virtualDisplay: false,
  python: false,
  processList: false,
  compiler: false,
  font: false,
};

function firstNames(packages: readonly (readonly [string, ...string[]])[]): string[] {
  return packages.map(([name]) => name);
}

describe('the needed packages', () => {
  it('are none for a task that needs nothing', () => {
    expect(neededPackages(nothing)).toEqual([]);
  });

  it('leave Xvfb out where there is a display', () => {
    expect(firstNames(neededPackages({ ...nothing, electron: true }))).toEqual([
      'libgtk-3-0',
      'libnss3',
      'libasound2',
      'libgbm1',
      'libx11-xcb1',
    ]);
  });

  it('are all of them for the tests on a bare machine', () => {
    const need = {
      electron: true,
      virtualDisplay: true,
      python: true,
      processList: true,
      compiler: true,
      font: true,
    };
    expect(firstNames(neededPackages(need))).toEqual([
      'xvfb',
      'xauth',
      'libgtk-3-0',
      'libnss3',
      'libasound2',
      'libgbm1',
      'libx11-xcb1',
      'python3',
      'procps',
      'gcc',
      'libc6-dev',
      'fonts-dejavu-core',
    ]);
  });
});

describe('the missing packages', () => {
  const listing = `
libnss3 installed
libgbm1 config-files
libgtk-3-0t64 installed
xvfb not-installed
`;

  it('include what was removed and left only its configuration', () => {
    expect([...parseInstalled(listing)]).toEqual(['libnss3', 'libgtk-3-0t64']);
  });

  it('do not include what is there under its newer name', () => {
    const needed = neededPackages({ ...nothing, electron: true, virtualDisplay: true });
    expect(firstNames(missingPackages(needed, parseInstalled(listing)))).toEqual([
      'xvfb',
      'xauth',
      'libasound2',
      'libgbm1',
      'libx11-xcb1',
    ]);
  });
});

describe('the names of packages on this system', () => {
  // Ubuntu 24.04: libasound2 is only a name that two other packages answer to.
  const policy = `libasound2:
  Installed: (none)
  Candidate: (none)
  Version table:
libasound2t64:
  Installed: (none)
  Candidate: 1.2.11-1build2
  Version table:
     1.2.11-1build2 500
        500 http://archive.example/ubuntu noble/main amd64 Packages
`;
  const missing = [['libasound2', 'libasound2t64']] as const;

  it('are those that apt has a candidate for', () => {
    expect([...parseInstallable(policy)]).toEqual(['libasound2t64']);
    expect(packageNamesHere(missing, parseInstallable(policy))).toEqual({
      names: ['libasound2t64'],
      isComplete: true,
    });
  });

  it('are the usual ones, marked as incomplete, while apt has no lists', () => {
    expect(packageNamesHere(missing, parseInstallable(''))).toEqual({
      names: ['libasound2'],
      isComplete: false,
    });
  });

  it('make one command that can be pasted after sudo', () => {
    expect(installCommand(['xvfb', 'xauth']).join(' ')).toBe(
      'apt-get install -y --no-install-recommends xvfb xauth',
    );
  });
});
