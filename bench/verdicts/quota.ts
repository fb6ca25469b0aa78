import path from 'node:path';
import { type OwnGroup, readOwnGroups } from '../../src/engine/runner/control-groups.ts';
import { realCgroupSystem as system } from '../../src/engine/runner/run-cgroup.ts';
import { fail, succeed, type Result } from '../../src/shared/result.ts';

const periodUs = 100_000;

/**
 * Does the work with this process, and all that it starts, in a control group (of version 1 or 2) that may use one
 * core's worth of CPU time, and moves it back. Fails with the reason where no such group can be made here.
 */
export async function withQuotaOfOneCore<Value>(work: () => Promise<Value>): Promise<Result<Value>> {
  const own = readOwnGroups((file) => system.readText(file));
  const parents = own.filter(({ version, controllers }) => version === 2 || controllers.includes('cpu'));
  const reasons: string[] = [];
  for (const parent of parents) {
    const group = path.posix.join(parent.folder, `corescope-verdicts-${process.pid}`);
    const passedOn = passesCpuOn(parent);
    const reason = enter(parent, group);
    if (reason !== null) {
      leave(parent, group, passedOn);
      reasons.push(reason);
      continue;
    }
    try {
      return succeed(await work());
    } finally {
      leave(parent, group, passedOn);
    }
  }
  return fail(
    'no-quota',
    reasons.length === 0 ? 'This process is in no control group for CPU time.' : reasons.join(' '),
    'Run it as root, or in a group that systemd delegates: systemd-run --user --scope -p Delegate=yes.',
  );
}

/** Null once this process is in the group and its quota holds, else what could not be done. */
function enter(parent: OwnGroup, group: string): string | null {
  const { version, folder } = parent;
  if (!system.makeFolder(group)) return `No group can be made in ${folder}.`;
  const join = (): boolean => write(group, 'cgroup.procs', String(process.pid));
  if (version === 1) {
    const isSet =
      write(group, 'cpu.cfs_period_us', String(periodUs)) &&
      write(group, 'cpu.cfs_quota_us', String(periodUs));
    if (!isSet) return `${group} takes no quota.`;
    return join() ? null : `This process cannot be moved into ${group}.`;
  }
  // A group with processes of its own may not pass the controller on (cgroup-v2.rst, "No Internal Process
  // Constraint"; the root is exempt), so this process goes first.
  if (!join()) return `This process cannot be moved into ${group}.`;
  if (!passesCpuOn(parent) && !write(folder, 'cgroup.subtree_control', '+cpu')) {
    const others = readMembers(folder);
    return others > 0
      ? `${folder} cannot pass on its cpu controller while ${others} other processes are in it.`
      : `${folder} has no cpu controller that it may pass on.`;
  }
  return write(group, 'cpu.max', `${periodUs} ${periodUs}`) ? null : `${group} takes no cpu.max.`;
}

/** What was passed on before stays so. */
function leave({ version, folder }: OwnGroup, group: string, passedOn: boolean): void {
  // The controller is taken back first: a group that passes it on takes no processes.
  if (version === 2 && !passedOn) write(folder, 'cgroup.subtree_control', '-cpu');
  write(folder, 'cgroup.procs', String(process.pid));
  system.removeFolder(group);
}

function passesCpuOn({ version, folder }: OwnGroup): boolean {
  const names = version === 2 ? system.readText(path.posix.join(folder, 'cgroup.subtree_control')) : null;
  return (names ?? '').split(/\s+/).includes('cpu');
}

function write(folder: string, name: string, text: string): boolean {
  return system.writeText(path.posix.join(folder, name), text);
}

function readMembers(folder: string): number {
  const text = system.readText(path.posix.join(folder, 'cgroup.procs')) ?? '';
  return text.split('\n').filter((line) => line !== '').length;
}
