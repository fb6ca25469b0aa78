import { spawn } from 'node:child_process';
import { cookieName } from './run-cookie.ts';
import { ended, type RunMarks } from './process-group.ts';

/** A helper process that outlives Corescope by as long as it takes to end a run. */
export interface Guard {
  /** Tells the guard that the run is over; resolves when the guard is gone. */
  dismiss(): Promise<void>;
}

/**
 * `$1` is the group to end, `$2` the run's cookie, `$3` its control group or nothing. `read` returns when a line
 * comes (the farewell) or when the pipe closes, which it does however Corescope ends, `kill -9` included. It then
 * does what `endRun` does, with nothing but a shell, `sleep`, `grep` and, where there is no /proc, `ps`.
 *
 * The pattern begins with a bracket so that it does not match the command line that it stands in itself. About
 * forty rounds make two seconds: what is still there then cannot be killed.
 */
const guardScript = `
group=$1 cookie=$2 folder=$3
read -r farewell && exit 0
if kill -s TERM -- "-$group" 2>/dev/null; then
  sleep 0.3 2>/dev/null || sleep 1
  kill -s KILL -- "-$group" 2>/dev/null
fi
find_marked() {
  if [ -r /proc/self/environ ]; then
    cd /proc && grep -ls "[C]${cookieName.slice(1)}=$cookie" [0-9]*/environ
  else
    ps -Eww -A -o pid=,command= | grep "[C]${cookieName.slice(1)}=$cookie" | while read -r pid rest; do echo "$pid"; done
  fi
}
round=0
while [ "$round" -lt 40 ]; do
  round=$((round + 1))
  left=$(find_marked)
  if [ -n "$folder" ]; then
    left="$left $(cat "$folder/cgroup.procs" 2>/dev/null)"
    [ -w "$folder/cgroup.kill" ] && echo 1 >"$folder/cgroup.kill" 2>/dev/null
  fi
  [ -z "\${left# }" ] && break
  for pid in $left; do kill -s KILL "\${pid%/environ}" 2>/dev/null; done
  sleep 0.05 2>/dev/null || sleep 1
done
[ -n "$folder" ] && rmdir "$folder" 2>/dev/null
`;

/**
 * Watches over a run in case Corescope is killed. The guard is a shell that sleeps in `read` beside the measured
 * processes: no thread, no memory, no wake-up of theirs. It has a session of its own, so that a Ctrl-C or a
 * closed terminal does not reach it before its work is done, and it does not bear the cookie itself.
 *
 * Null on Windows (libuv puts children into a job that dies with us) and where no shell could be started.
 */
export function startGuard({ leaderPid, cookie, cgroup }: RunMarks): Guard | null {
  if (process.platform === 'win32') return null;
  const guard = spawn(
    '/bin/sh',
    ['-c', guardScript, 'corescope-guard', String(leaderPid), cookie, cgroup?.folder ?? ''],
    { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' },
  );
  const gone = ended(guard);
  // The guard may already have gone with the group.
  guard.stdin.on('error', () => undefined);
  if (guard.pid === undefined) return null;
  return {
    async dismiss() {
      guard.stdin.end('farewell\n');
      await gone;
    },
  };
}
