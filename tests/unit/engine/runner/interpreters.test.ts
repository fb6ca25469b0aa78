import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  describeNode,
  describePython,
  findNode,
  findPython,
  listPythons,
  type Surroundings,
} from '../../../../src/engine/runner/interpreters.ts';
import { readLauncherList } from '../../../../src/engine/runner/python-places.ts';
import { listProcesses } from './process-list.ts';

const onWindows = process.platform === 'win32';
const advice = 'Install Python 3.8 or newer, or name one with --python PATH or CORESCOPE_PYTHON.';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'corescope-interpreters-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Puts an executable shell script into a folder of its own and returns its path. */
function standIn(name: string, script: string): string {
  const place = mkdtempSync(path.join(folder, 'bin-'));
  const file = path.join(place, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A stand-in that answers the probe as a Python of that version would. */
function pythonStandIn(name: string, version: string, executable = ''): string {
  const [major, minor] = version.split('.');
  return standIn(
    name,
    `echo 'corescope-probe:${JSON.stringify({
      version,
      major: Number(major),
      minor: Number(minor),
      executable,
      prefix: `/prefix/${version}`,
      implementation: 'CPython',
      gilEnabled: true,
      freeThreadedBuild: false,
      startMethods: ['fork', 'spawn', 'forkserver'],
    })}'`,
  );
}

function surroundings(places: readonly string[], more: Partial<Surroundings> = {}): Surroundings {
  return {
    environment: { PATH: [...places, '/bin', '/usr/bin'].join(path.delimiter) },
    platform: 'linux',
    homeFolder: folder,
    workingFolder: folder,
    execPath: process.execPath,
    electronVersion: null,
    probeLimitMs: 5_000,
    ...more,
  };
}

/** Only these folders, so that no Python of the machine is found. */
function only(places: readonly string[], more: NodeJS.ProcessEnv = {}): Surroundings {
  return surroundings([], { environment: { PATH: places.join(path.delimiter), ...more } });
}

describe.skipIf(onWindows)('findPython', () => {
  it('says what it tried where there is none', async () => {
    expect(await findPython(null, only([folder]))).toEqual({
      ok: false,
      problem: {
        kind: 'python-not-found',
        message: 'No Python was found: tried "python3" and "python" on PATH.',
        advice,
      },
    });
  });

  it('takes python3 before python, and the program behind it', async () => {
    const python3 = pythonStandIn('python3', '3.12.1', '/opt/real/python3.12');
    const python = pythonStandIn('python', '3.9.0');
    expect(await findPython(null, only([path.dirname(python), path.dirname(python3)]))).toEqual({
      ok: true,
      value: {
        path: '/opt/real/python3.12',
        version: '3.12.1',
        implementation: 'CPython',
        gilEnabled: true,
        freeThreadedBuild: false,
        startMethods: ['fork', 'spawn', 'forkserver'],
      },
    });
  });

  it('goes on looking where the first will not do', async () => {
    const old = pythonStandIn('python3', '3.6.15');
    const broken = standIn('python3', 'exit 3');
    const good = pythonStandIn('python', '3.8.0');
    const places = [old, broken, good].map((file) => path.dirname(file));
    expect(await findPython(null, only(places))).toMatchObject({ ok: true, value: { path: good } });
  });

  it('tells of one that is too old, with its version and place', async () => {
    const broken = standIn('python3', 'exit 3');
    const old = pythonStandIn('python3', '3.7.16');
    expect(await findPython(null, only([path.dirname(broken), path.dirname(old)]))).toEqual({
      ok: false,
      problem: {
        kind: 'python-too-old',
        message: `${old} is Python 3.7.16; Corescope needs 3.8 or newer.`,
        advice,
      },
    });
  });

  it('takes an explicit path before the variable, and the variable before PATH', async () => {
    const explicit = pythonStandIn('mine', '3.10.0', '/elsewhere');
    const variable = pythonStandIn('theirs', '3.11.0', '/elsewhere');
    const onPath = pythonStandIn('python3', '3.12.0');
    const places = only([path.dirname(onPath)], { CORESCOPE_PYTHON: variable });
    expect(await findPython(explicit, places)).toMatchObject({ value: { path: explicit } });
    expect(await findPython(null, places)).toMatchObject({ value: { path: variable } });
  });

  it('does not replace an explicit path that will not do', async () => {
    const good = pythonStandIn('python3', '3.12.0');
    expect(await findPython('/nowhere/python', only([path.dirname(good)]))).toEqual({
      ok: false,
      problem: {
        kind: 'python-not-found',
        message: '--python /nowhere/python names no program that can be run.',
        advice,
      },
    });
  });

  it('tells of a program that is no Python by what it says', async () => {
    const other = standIn('other', 'echo "usage: other FILE" >&2; exit 2');
    expect(await findPython(other, only([]))).toEqual({
      ok: false,
      problem: {
        kind: 'python-unusable',
        message: `--python ${other} is not a Python that works: it said "usage: other FILE".`,
        advice,
      },
    });
  });

  it('ends one that hangs, with its children', async () => {
    const hanging = standIn('hanging', 'sleep 61.0625 & wait');
    const places = surroundings([], { probeLimitMs: 200 });
    expect(await findPython(hanging, places)).toMatchObject({
      problem: {
        kind: 'python-unusable',
        message: `--python ${hanging} did not answer within its time and was ended; it does not seem to be Python.`,
      },
    });
    const left = listProcesses().filter(
      ({ command, state }) => command === 'sleep 61.0625' && !state.startsWith('Z'),
    );
    expect(left).toEqual([]);
  });

  it('is not disturbed by a Python whose start-up files print', async () => {
    const chatty = pythonStandIn('python3', '3.13.0');
    const noisy = standIn('noisy', `echo "welcome"; exec ${chatty}`);
    expect(await findPython(noisy, surroundings([]))).toMatchObject({
      ok: true,
      value: { version: '3.13.0' },
    });
  });

  it('takes a file that may not be executed for none', async () => {
    const file = path.join(folder, 'plain.txt');
    writeFileSync(file, 'text');
    expect(await findPython(file, surroundings([]))).toMatchObject({
      problem: { kind: 'python-not-found' },
    });
  });

  const pyenv = path.join(os.homedir(), '.pyenv/versions');
  it.for([
    { version: '2.7.18', kind: 'python-too-old' },
    { version: '3.6.15', kind: 'python-too-old' },
    { version: '3.7.16', kind: 'python-too-old' },
    { version: '3.8.18', kind: null },
    { version: '3.13.0', kind: null },
  ])('judges a real Python $version', async ({ version, kind }, { skip }) => {
    const file = path.join(pyenv, version, 'bin/python');
    if (!existsSync(file)) skip(`there is no Python ${version} of pyenv here`);
    const result = await findPython(file);
    if (kind === null) {
      expect(result).toEqual({
        ok: true,
        value: {
          path: file,
          version,
          implementation: 'CPython',
          gilEnabled: true,
          freeThreadedBuild: false,
          startMethods: expect.arrayContaining(['spawn']) as string[],
        },
      });
    } else {
      expect(result).toMatchObject({
        problem: { kind, message: `--python ${file} is Python ${version}; Corescope needs 3.8 or newer.` },
      });
    }
  });
});

/** A folder whose files are stand-ins: `path -> Python version`, or null for a program that is no Python. */
function drawFolder(files: Readonly<Record<string, string | null>>): string {
  const root = mkdtempSync(path.join(folder, 'home-'));
  for (const [name, version] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    renameSync(version === null ? standIn('python', 'exit 3') : pythonStandIn('python', version, file), file);
  }
  return root;
}

describe.skipIf(onWindows)('listPythons', () => {
  /** `version or kind of problem, path below the drawn folder, origins` of each that is listed. */
  async function listIn(home: string, more: Partial<Surroundings> = {}): Promise<string[]> {
    const listed = await listPythons({
      ...only([]),
      homeFolder: home,
      workingFolder: path.join(home, 'project'),
      ...more,
    });
    return listed.map((python) =>
      [
        python.state === 'usable' ? python.python.version : python.problem.kind,
        path.relative(home, python.path),
        python.origins.join(' + '),
      ].join(' | '),
    );
  }

  it('finds environments, PATH, pyenv and conda, in the order in which one means them', async () => {
    const home = drawFolder({
      'active/bin/python': '3.12.0',
      'project/.venv/bin/python': '3.12.1',
      'project/venv/bin/python': '3.12.2',
      'tools/python3.9': '3.9.1',
      'tools/python3': '3.8.1',
      'tools/python3-config': '3.0.0',
      '.pyenv/versions/3.9.20/bin/python': '3.9.20',
      '.pyenv/versions/3.13.0t/bin/python': '3.13.0',
      '.pyenv/versions/3.7.1/bin/python': '3.7.1',
      '.pyenv/versions/broken/bin/python': null,
      '.pyenv/shims/python3.7': '3.7.1',
      'miniconda3/bin/python': '3.11.4',
      'miniconda3/envs/science/bin/python': '3.11.5',
      'elsewhere/bin/python': '3.11.6',
    });
    mkdirSync(path.join(home, '.conda'));
    writeFileSync(path.join(home, '.conda/environments.txt'), `${home}/elsewhere\n${home}/gone\n`);
    const environment = {
      // The stand-ins are shell scripts, and nothing else of the machine's folders is to be listed.
      PATH: [path.join(home, 'tools'), path.join(home, '.pyenv/shims')].join(path.delimiter),
      VIRTUAL_ENV: path.join(home, 'active'),
    };
    expect(await listIn(home, { environment })).toEqual([
      '3.12.0 | active/bin/python | active virtual environment',
      '3.12.1 | project/.venv/bin/python | .venv of the working folder',
      '3.12.2 | project/venv/bin/python | venv of the working folder',
      '3.8.1 | tools/python3 | PATH',
      '3.9.1 | tools/python3.9 | PATH',
      'python-unusable | .pyenv/versions/broken/bin/python | pyenv',
      '3.13.0 | .pyenv/versions/3.13.0t/bin/python | pyenv',
      '3.9.20 | .pyenv/versions/3.9.20/bin/python | pyenv',
      'python-too-old | .pyenv/versions/3.7.1/bin/python | pyenv',
      '3.11.6 | elsewhere/bin/python | conda',
      '3.11.4 | miniconda3/bin/python | conda',
      '3.11.5 | miniconda3/envs/science/bin/python | conda',
    ]);
  });

  it('lists one that is found at several places once, with all of them', async () => {
    const home = drawFolder({ '.pyenv/versions/3.12.0/bin/python': '3.12.0' });
    const bin = path.join(home, '.pyenv/versions/3.12.0/bin');
    symlinkSync('python', path.join(bin, 'python3'));
    symlinkSync('python', path.join(bin, 'python3.12'));
    const environment = { PATH: bin, VIRTUAL_ENV: path.dirname(bin), PYENV_ROOT: path.join(home, '.pyenv') };
    expect(await listIn(home, { environment })).toEqual([
      '3.12.0 | .pyenv/versions/3.12.0/bin/python | active virtual environment',
    ]);
    // Through another folder it is asked, and answers that it is the same.
    const links = path.join(home, 'links');
    mkdirSync(links);
    symlinkSync(path.join(bin, 'python'), path.join(links, 'python3'));
    expect(await listIn(home, { environment: { PATH: links } })).toEqual([
      '3.12.0 | .pyenv/versions/3.12.0/bin/python | PATH + pyenv',
    ]);
  });

  it('does not wait for one that hangs', async () => {
    const home = drawFolder({ 'tools/python3': '3.12.0' });
    const hanging = standIn('python', 'sleep 61.125 & wait');
    const environment = { PATH: `${path.join(home, 'tools')}:${path.dirname(hanging)}:/bin:/usr/bin` };
    const listed = await listIn(home, { environment, probeLimitMs: 1_500 });
    expect(listed[0]).toBe('3.12.0 | tools/python3 | PATH');
    expect(listed[1]).toMatch(/^python-unusable .* PATH$/);
    const left = listProcesses().filter(({ command }) => command === 'sleep 61.125');
    expect(left.filter(({ state }) => !state.startsWith('Z'))).toEqual([]);
  });

  it('asks the launcher on Windows', async () => {
    const home = drawFolder({ 'installed/python': '3.12.0' });
    const launcher = standIn('py', `[ "$1" = -0p ] && echo ' -V:3.12 *        ${home}/installed/python'`);
    const environment = { PATH: path.dirname(launcher) };
    expect(await listIn(home, { environment, platform: 'win32' })).toEqual([
      '3.12.0 | installed/python | py launcher',
    ]);
  });

  it('finds nothing where there is nothing', async () => {
    expect(await listIn(drawFolder({}))).toEqual([]);
  });
});

describe('readLauncherList', () => {
  it.each([
    [' -V:3.12 *        C:\\Python312\\python.exe', 'C:\\Python312\\python.exe'],
    [
      ' -V:3.13t         C:\\Program Files\\Python\\python3.13t.exe',
      'C:\\Program Files\\Python\\python3.13t.exe',
    ],
    [' -3.8-64          C:\\Users\\a b\\python.exe *', 'C:\\Users\\a b\\python.exe'],
    ['Installed Pythons found by py Launcher for Windows', undefined],
    [' *               Active venv', undefined],
  ])('reads %j', (line, command) => {
    expect(readLauncherList(`${line}\r\n`).map((place) => place.command)).toEqual(
      command === undefined ? [] : [command],
    );
  });
});

describe.skipIf(onWindows)('an interpreter that was chosen in a window', () => {
  it('is asked what it is', async () => {
    const python = pythonStandIn('mine', '3.10.0', '/elsewhere');
    expect(await describePython(python)).toMatchObject({ value: { path: python, version: '3.10.0' } });
    expect(await describeNode(process.execPath)).toMatchObject({
      value: { version: process.versions.node },
    });
  });

  it('is refused in words that name no option of the command line', async () => {
    const problems = await Promise.all([
      describePython('/nowhere/python'),
      describePython(pythonStandIn('old', '3.7.16')),
      describePython(standIn('other', 'echo "usage: other"; exit 2')),
      describeNode('/nowhere/node'),
      describeNode(standIn('other', 'echo "usage: other"; exit 2')),
    ]);
    expect(problems.map((each) => (each.ok ? '' : each.problem.message.replace(folder, '')))).toEqual([
      '/nowhere/python names no program that can be run.',
      expect.stringMatching(/^\/bin-\w+\/old is Python 3\.7\.16; Corescope needs 3\.8 or newer\.$/),
      expect.stringMatching(/^\/bin-\w+\/other is not a Python that works: it said "usage: other"\.$/),
      '/nowhere/node names no program that can be run.',
      expect.stringMatching(/^\/bin-\w+\/other is not a Node that works: it said "usage: other"\.$/),
    ]);
    expect(new Set(problems.map((each) => (each.ok ? '' : each.problem.advice)))).toEqual(
      new Set(
        ['Python 3.8', 'Node 20'].map(
          (what) =>
            `Choose the program of a ${what} or newer, or clear the choice to take the first on PATH.`,
        ),
      ),
    );
  });
});

describe.skipIf(onWindows)('findNode', () => {
  it('takes the Node that runs us', async () => {
    expect(await findNode()).toEqual({
      ok: true,
      value: {
        path: process.execPath,
        version: process.versions.node,
        implementation: 'V8',
        gilEnabled: null,
      },
    });
  });

  it('takes, inside Electron, the first Node on PATH that is new enough', async () => {
    const old = standIn('node', `echo 'corescope-probe:{"version":"18.20.0","executable":"/old/node"}'`);
    const place = path.join(folder, 'real-node');
    mkdirSync(place);
    symlinkSync(process.execPath, path.join(place, 'node'));
    const electron = { electronVersion: '33.2.1', execPath: '/nowhere/electron' };
    expect(await findNode(surroundings([path.dirname(old), place], electron))).toMatchObject({
      ok: true,
      value: { path: process.execPath, version: process.versions.node },
    });
  });

  it('takes Electron as Node where there is none, and says so', async () => {
    // Answers only where it is asked to be a Node, as Electron does.
    const electron = standIn(
      'electron',
      `[ "$ELECTRON_RUN_AS_NODE" = 1 ] && echo 'corescope-probe:{"version":"20.18.1","executable":"/opt/electron"}'`,
    );
    const places = { ...only([folder]), electronVersion: '33.2.1', execPath: electron };
    expect(await findNode(places)).toEqual({
      ok: true,
      value: {
        path: '/opt/electron',
        version: '20.18.1',
        implementation: 'V8 (Electron 33.2.1 as Node)',
        gilEnabled: null,
      },
    });
  });

  it('tells of a Node that is too old', async () => {
    const old = standIn('node', `echo 'corescope-probe:{"version":"18.20.0","executable":"/old/node"}'`);
    expect(await findNode(surroundings([], { execPath: old }))).toEqual({
      ok: false,
      problem: {
        kind: 'node-too-old',
        message: `${old} is Node 18.20.0; Corescope needs 20 or newer.`,
        advice: 'Install Node 20 or newer, so that "node" is found on PATH.',
      },
    });
  });
});
