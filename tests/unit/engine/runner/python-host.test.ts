import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checksumOf, eventsOf, finishOf, runHost, ways } from './python/python-host.ts';

const pyenv = path.join(os.homedir(), '.pyenv/versions');
/** Each strategy once; processes in the way that asks the most of the host (python/ tries all with one Python). */
const chosenWays = ways.filter(({ startMethod }) => startMethod === null || startMethod === 'spawn');

describe.each(['3.8.18', '3.9.18', '3.10.13', '3.11.7', '3.12.1', '3.13.0'])(
  'the host in Python %s',
  (version) => {
    const interpreterPath = path.join(pyenv, version, 'bin/python');

    it.for(chosenWays)('runs $strategy ($startMethod)', async (way, { skip }) => {
      if (!existsSync(interpreterPath)) skip(`there is no Python ${version} of pyenv here`);
      const run = await runHost({ ...way, tasks: 3 }, { interpreterPath });
      expect(finishOf(run).checksum).toBe(checksumOf('499500', '499500', '499500'));
      expect(eventsOf(run, 'ready')[0]?.interpreter).toEqual({
        runtime: 'python',
        version,
        executable: interpreterPath,
        implementation: 'CPython',
        gilEnabled: true,
        freeThreadedBuild: false,
        startMethod: way.startMethod,
      });
      expect(run).toMatchObject({ code: 0, errors: '', leftProcesses: [], leftFiles: [] });
    });
  },
);
