import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { python, pythonFolder } from './python-host.ts';

let modules = '';
beforeAll(() => {
  modules = mkdtempSync(path.join(os.tmpdir(), 'corescope-gil-'));
  const write = (name: string, text: string): void => writeFileSync(path.join(modules, name), text);
  // A build with threads set free in which `import locks` does what an old extension module does.
  write('state.py', 'enabled = False\n');
  write('locks.py', 'import state\nstate.enabled = True\n');
  write('outer.py', 'import harmless\nimport locks\nimport later\n');
  write('harmless.py', '');
  write('later.py', '');
  write('fails.py', 'import locks\nraise ImportError("broken")\n');
});
afterAll(() => rmSync(modules, { recursive: true, force: true }));

/** What GilWatch tells around `statements`, with the question put to state.py instead of the interpreter. */
function watch(statements: string): unknown {
  const script = `
import json, sys
sys.path[:0] = ${JSON.stringify([pythonFolder, modules])}
import state
from corescope_host.gil import GilWatch
told = []
gil = GilWatch(lambda: state.enabled)
sys.meta_path.insert(0, gil)
${statements}
print(json.dumps(told))
`;
  return JSON.parse(execFileSync(python?.path ?? '', ['-B', '-c', script], { encoding: 'utf8' }));
}

describe.skipIf(python === null)('the watch over the interpreter lock', () => {
  it('tells nothing while imports leave the lock off', () => {
    expect(watch('import harmless, later\ntold.append(gil.change())')).toEqual([null]);
  });

  it('names the import that turns it on, once', () => {
    expect(watch('import locks\ntold += [gil.change(), gil.change()]')).toEqual([[true, 'locks'], null]);
  });

  it('names the innermost of nested imports', () => {
    expect(watch('import outer\ntold.append(gil.change())')).toEqual([[true, 'locks']]);
  });

  it('names it also where an import around it fails', () => {
    expect(watch('try: import fails\nexcept ImportError: told.append(gil.change())')).toEqual([
      [true, 'locks'],
    ]);
  });

  it('names nobody where no import did it', () => {
    expect(watch('state.enabled = True\ntold.append(gil.change())')).toEqual([[true, null]]);
  });

  it('loads extension modules, packages and resources as ever, with their own loaders', () => {
    expect(
      watch(
        'import _ctypes_test as extension' +
          ', xml.dom.minidom, inspect, harmless\n' +
          'told += [type(m.__spec__.loader).__name__ for m in (extension, xml.dom.minidom)]\n' +
          'told.append(inspect.getsource(xml.dom.minidom.parseString).split("(")[0])',
      ),
    ).toEqual(['ExtensionFileLoader', 'SourceFileLoader', 'def parseString']);
  });

  it('is not set where the interpreter has the lock all the time', () => {
    expect(
      watch(
        'from corescope_host import gil as module\n' +
          'before = len(sys.meta_path)\nmodule.watch_imports()\n' +
          'told += [len(sys.meta_path) - before, module.gil_change(), module.is_free_threaded_build()]',
      ),
    ).toEqual(python?.gilEnabled === true ? [0, null, false] : [1, null, true]);
  });
});
