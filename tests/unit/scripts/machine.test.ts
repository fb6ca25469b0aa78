import { describe, expect, it } from 'vitest';
import { electronSwitches, hasDisplay } from '../../../scripts/setup/display.mjs';
import { requireNodeVersion } from '../../../scripts/setup/node-version.mjs';
import { npmCommand, npmComplaint } from '../../../scripts/setup/npm-command.mjs';
import { lastLines, runQuietly, shellExitCode } from '../../../scripts/setup/run-command.mjs';

describe('a display', () => {
  it.each([
    ['darwin', {}, true],
    ['win32', {}, true],
    ['linux', {}, false],
    ['linux', { DISPLAY: '' }, false],
    ['linux', { DISPLAY: ':0' }, true],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
  ] as const)('on %s with %j: %s', (platform, environment, expected) => {
    expect(hasDisplay(platform, environment)).toBe(expected);
  });
});

describe("Electron's switches", () => {
  const desktop = { DISPLAY: ':0', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/1000/bus' };

  it('leave the sandbox on for an ordinary user', () => {
    expect(electronSwitches({ platform: 'linux', isRoot: false, environment: desktop })).toEqual([]);
  });

  it('turn the sandbox off for root on Linux only', () => {
    expect(electronSwitches({ platform: 'linux', isRoot: true, environment: desktop })).toEqual([
      '--no-sandbox',
    ]);
    expect(electronSwitches({ platform: 'darwin', isRoot: true, environment: desktop })).toEqual([]);
  });

  it('name Wayland where there is no X server', () => {
    const environment = { ...desktop, DISPLAY: undefined, WAYLAND_DISPLAY: 'wayland-0' };
    expect(electronSwitches({ platform: 'linux', isRoot: false, environment })).toEqual([
      '--ozone-platform=wayland',
    ]);
  });

  it('keep Chromium from complaining where there is no session bus', () => {
    expect(electronSwitches({ platform: 'linux', isRoot: false, environment: { DISPLAY: ':0' } })).toEqual([
      '--log-level=3',
    ]);
  });
});

describe('the version of Node', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('%s is new enough', (version) => {
    expect(() => {
      requireNodeVersion(version);
    }).not.toThrow();
  });

  it.each(['20.18.3', '18.20.0'])('%s is too old, and the message says which one it is', (version) => {
    expect(() => {
      requireNodeVersion(version);
    }).toThrow(`needs Node 20.19 or newer, and this is Node ${version}`);
  });
});

describe('npm', () => {
  const linux = { nodePath: '/opt/node/bin/node', platform: 'linux' as const };
  const ownNpm = '/opt/node/lib/node_modules/npm/bin/npm-cli.js';

  it('is the one that runs the script', () => {
    const environment = { npm_execpath: '/somewhere/npm-cli.js' };
    expect(npmCommand(environment, { ...linux, exists: () => true })).toEqual({
      command: '/opt/node/bin/node',
      firstParameters: ['/somewhere/npm-cli.js'],
      shell: false,
    });
  });

  it('is the one that came with Node when pnpm runs the script', () => {
    const environment = { npm_execpath: '/somewhere/pnpm.cjs' };
    const exists = (path: string) => path === ownNpm;
    expect(npmCommand(environment, { ...linux, exists }).firstParameters).toEqual([ownNpm]);
  });

  it('is the one on PATH as the last resort, through a shell on Windows only', () => {
    const exists = () => false;
    expect(npmCommand({}, { ...linux, exists })).toEqual({
      command: 'npm',
      firstParameters: [],
      shell: false,
    });
    expect(npmCommand({}, { nodePath: 'C:\\node\\node.exe', platform: 'win32', exists }).shell).toBe(true);
  });
});

describe("npm's complaint", () => {
  it('is made of its first error lines, without warnings and empty ones', () => {
    const output =
      'npm warn old\nnpm error code EUSAGE\nnpm error\nnpm error out of sync\nnpm error aliases: ci\n';
    expect(npmComplaint(output, 2)).toBe('code EUSAGE\nout of sync');
  });

  it('is the end of the output when npm itself did not complain', () => {
    expect(npmComplaint('Segmentation fault\n')).toBe('Segmentation fault');
  });
});

describe('a command', () => {
  it('gives its exit code and both outputs', async () => {
    const script = 'console.log("out"); console.error("err"); process.exitCode = 3';
    const { code, output } = await runQuietly(process.execPath, ['-e', script]);
    expect(code).toBe(3);
    expect(output.split('\n').filter(Boolean).sort()).toEqual(['err', 'out']);
  });

  it('that cannot be started is a result, too', async () => {
    const { code, output } = await runQuietly('/no/such/program', []);
    expect(code).toBe(127);
    expect(output).toContain('ENOENT');
  });

  it('ended by a signal has the exit code that a shell would give', () => {
    expect(shellExitCode(null, 'SIGINT')).toBe(130);
    expect(shellExitCode(null, 'SIGKILL')).toBe(137);
    expect(shellExitCode(0, null)).toBe(0);
  });

  it('is quoted by its last lines', () => {
    expect(lastLines('one\ntwo\nthree\n\n', 2)).toBe('two\nthree');
  });
});
