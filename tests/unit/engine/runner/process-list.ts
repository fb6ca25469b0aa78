import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

export interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly state: string;
  readonly command: string;
}

/** All processes there are, zombies included. */
export function listProcesses(): ListedProcess[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent, group, state, ...command] = line.trim().split(/\s+/);
      return {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        state: state ?? '',
        command: command.join(' '),
      };
    });
}

/** Members of the group led by `leaderPid`, and the guard that watches it. */
export function listRun(leaderPid: number): ListedProcess[] {
  return listProcesses().filter(
    ({ group, command }) => group === leaderPid || command.includes(`corescope-guard ${leaderPid} `),
  );
}

/**
 * What is left of a run once nothing is, or after two seconds. Zombies of process 1 are left out: they are dead,
 * out of our hands, and it collects them when it likes (some container inits look every two seconds).
 */
export async function listRunAfterItsEnd(leaderPid: number): Promise<ListedProcess[]> {
  const listLeft = (): ListedProcess[] =>
    listRun(leaderPid).filter(({ state, parent }) => !(state.startsWith('Z') && parent === 1));
  const deadlineMs = performance.now() + 2_000;
  while (listLeft().length > 0 && performance.now() < deadlineMs) await delay(20);
  return listLeft();
}
