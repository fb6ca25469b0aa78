import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { strategyIds } from '../../../../src/shared/workload.ts';
import { availableRuntimes, checksumOf, run, smallRequest } from './real-run.ts';

const pythonFolder = fileURLToPath(new URL('../../../../resources/python', import.meta.url));
const hostFiles = { nodeHost: '', pythonFolder };
const pyenv = path.join(os.homedir(), '.pyenv/versions');

describe.each(['3.8.18', '3.9.18', '3.10.13', '3.11.7', '3.12.1', '3.13.0'])(
  'the host in Python %s',
  (version) => {
    const interpreterPath = path.join(pyenv, version, 'bin/python');

    it.for(strategyIds)('runs %s', async (strategy, { skip }) => {
      if (!existsSync(interpreterPath)) skip(`there is no Python ${version} of pyenv here`);
      expect(await run(smallRequest(hostFiles, 'python', { interpreterPath, strategy }))).toMatchObject({
        state: 'finished',
        checksum: checksumOf('499500', '499500'),
        interpreter: {
          runtime: 'python',
          version,
          executable: interpreterPath,
          implementation: 'CPython',
          gilEnabled: true,
        },
      });
    });
  },
);

/** Runs the process strategy with a start method that is the default elsewhere, and prints what came of it. */
const startMethodScript = `
import sys
sys.path.insert(0, sys.argv[1])
if __name__ == "__main__":
    from corescope_host.collector import Collector
    from corescope_host.plan import Plan
    from corescope_host.strategies import processes
    collector = Collector(3)
    plan = Plan("count-loop", {"n": 1000000, "rounds": 2}, 3, "processes", 2)
    cpu_seconds = processes.run(plan, collector, sys.argv[2])
    print(collector.results(), cpu_seconds > 0.01)
`;

describe.skipIf(!availableRuntimes.includes('python'))('the process strategy of the Python host', () => {
  // fork: Linux to 3.13; spawn: macOS, Windows; forkserver: Linux from 3.14. Only fork hands descriptor 3 on.
  it.each(['fork', 'spawn', 'forkserver'])('works and counts CPU time with %s', (method) => {
    const { interpreterPath } = smallRequest(hostFiles, 'python');
    const printed = execFileSync(interpreterPath, ['-B', '-c', startMethodScript, pythonFolder, method], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    });
    const sum = "'999999000000'";
    expect(printed.trim()).toBe(`[${sum}, ${sum}, ${sum}] True`);
  });
});
