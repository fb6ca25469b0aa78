import { spawnSync } from 'node:child_process';

/**
 * A crash on purpose is nobody's business but ours: no core file of some hundred megabytes is to be left by it. Node
 * cannot set its own limits, so prlimit (util-linux) does; where there is none, the system's settings hold.
 */
export function preventCoreDump(): void {
  if (process.platform !== 'linux') return;
  spawnSync('prlimit', ['--core=0:0', '--pid', String(process.pid)], { stdio: 'ignore' });
}
