import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { type OwnGroup, readOwnGroups } from './control-groups.ts';

/**
 * A control group for one run: nothing that the run starts can leave it by forking, by `setsid`, or by clearing
 * its environment, and the kernel adds up the CPU time of all of it, the shortest-lived included.
 *
 * It is made as a child of the group that Corescope is in, where that is allowed: as root, or where systemd has
 * delegated the group (a desktop application, a user service). Anywhere else there is none, and the run goes by
 * process group and cookie alone. Version 2 needs no controller for this, so the run is scheduled as without it;
 * in version 1 `cpuacct` is mostly mounted together with `cpu`, and the run then competes as one (as it does
 * under the kernel's autogroup) where other work wants the same cores.
 */
export interface RunCgroup {
  readonly folder: string;
  /** Absolute path of `cpu.stat` (version 2) or `cpuacct.usage` (version 1). */
  readonly cpuFile: string;
  /** Moves a process with all its threads; false where it has gone or may not be moved. */
  add(pid: number): boolean;
  /** User + system time of all that was ever in the group; null where it cannot be read. */
  readCpuSeconds(): number | null;
  /** Processes that are in it now, in groups below it too. */
  members(): readonly number[];
  /** Kills all at once where the kernel can (version 2 since Linux 5.14); what is left is in `members`. */
  kill(): void;
  /** True once it is gone; it cannot go while there is a process in it. */
  remove(): boolean;
}

/** The file system as a run's control group needs it. Nothing throws: what cannot be done is false or null. */
export interface CgroupSystem {
  readText(path: string): string | null;
  writeText(path: string, text: string): boolean;
  makeFolder(path: string): boolean;
  removeFolder(path: string): boolean;
  listFolders(path: string): readonly string[];
  /** The number of the pid namespace of this process, for a pid means nothing outside of it; null if unknown. */
  readPidNamespace(): string | null;
  kill(pid: number): void;
}

function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

/** For writing only (`cgroup.kill` may not be read), and never creates: a missing file is a feature that is not there. */
function writeExisting(file: string, text: string): void {
  const descriptor = openSync(file, constants.O_WRONLY);
  try {
    writeSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

export const realCgroupSystem: CgroupSystem = {
  readText(file) {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return null;
    }
  },
  writeText: (file, text) => attempt(() => writeExisting(file, text)),
  makeFolder: (folder) => attempt(() => mkdirSync(folder)),
  removeFolder: (folder) => attempt(() => rmdirSync(folder)),
  listFolders(folder) {
    try {
      return readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name);
    } catch {
      return [];
    }
  },
  readPidNamespace() {
    try {
      return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? null;
    } catch {
      return null;
    }
  },
  kill: (pid) => void attempt(() => process.kill(pid, 'SIGKILL')),
};

const usPerSecond = 1e6;
const nsPerSecond = 1e9;

/** Where a run's group can be looked for: version 2 first, for its one `cgroup.kill` ends all without a race. */
function findParents(system: CgroupSystem): readonly OwnGroup[] {
  const groups = readOwnGroups((file) => system.readText(file));
  return [
    ...groups.filter(({ version }) => version === 2),
    ...groups.filter(({ controllers }) => controllers.includes('cpuacct')),
  ];
}

/** A folder says who made it, so that whoever comes later can tell that its maker is dead. */
function folderPrefix(namespace: string, pid: number, startTicks: string): string {
  return `corescope-run.${namespace}.${pid}.${startTicks}.`;
}

/** When a process started, in clock ticks since boot; null where there is no such process. */
function readStartTicks(system: CgroupSystem, pid: number | 'self'): string | null {
  const stat = system.readText(`/proc/${pid}/stat`);
  // The name may hold anything, spaces and parentheses included. Field 22; the first after the name is 3.
  return stat === null ? null : (stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null);
}

/**
 * Makes a control group for the run `id`; null where none can be made. Folders that a killed Corescope has left
 * here are cleared away on the way, with whatever still runs in them.
 */
export function createRunCgroup(id: string, system: CgroupSystem = realCgroupSystem): RunCgroup | null {
  const namespace = system.readPidNamespace();
  const startTicks = readStartTicks(system, 'self');
  if (namespace === null || startTicks === null) return null;
  for (const { version, folder: parent } of findParents(system)) {
    clearStale(system, parent, namespace);
    const folder = path.posix.join(parent, folderPrefix(namespace, process.pid, startTicks) + id);
    if (!system.makeFolder(folder)) continue;
    const group = openCgroup(system, folder, version);
    // A group of threads only, or one without accounts, is of no use.
    if (group.readCpuSeconds() !== null) return group;
    group.remove();
  }
  return null;
}

function openCgroup(system: CgroupSystem, folder: string, version: 1 | 2): RunCgroup {
  const cpuFile = path.posix.join(folder, version === 2 ? 'cpu.stat' : 'cpuacct.usage');
  return {
    folder,
    cpuFile,
    add: (pid) => system.writeText(path.posix.join(folder, 'cgroup.procs'), String(pid)),
    readCpuSeconds: () => parseCpuSeconds(system.readText(cpuFile), version),
    members: () => listMembers(system, folder),
    kill() {
      if (version === 2 && system.writeText(path.posix.join(folder, 'cgroup.kill'), '1')) return;
      for (const pid of listMembers(system, folder)) system.kill(pid);
    },
    remove: () => removeWithFoldersBelow(system, folder),
  };
}

function parseCpuSeconds(text: string | null, version: 1 | 2): number | null {
  const digits = (version === 2 ? /^usage_usec (\d+)$/m : /^(\d+)$/m).exec(text ?? '')?.[1];
  return digits === undefined ? null : Number(digits) / (version === 2 ? usPerSecond : nsPerSecond);
}

function listMembers(system: CgroupSystem, folder: string): readonly number[] {
  const own = (system.readText(path.posix.join(folder, 'cgroup.procs')) ?? '').split('\n').map(Number);
  const below = system
    .listFolders(folder)
    .flatMap((name) => listMembers(system, path.posix.join(folder, name)));
  // 0 stands for a process of another pid namespace.
  return [...own.filter((pid) => pid > 0), ...below];
}

function removeWithFoldersBelow(system: CgroupSystem, folder: string): boolean {
  for (const name of system.listFolders(folder)) {
    removeWithFoldersBelow(system, path.posix.join(folder, name));
  }
  return system.removeFolder(folder);
}

/** The guard of a killed Corescope does this within a second; this is for the case that it was killed as well. */
function clearStale(system: CgroupSystem, parent: string, namespace: string): void {
  for (const name of system.listFolders(parent)) {
    const [kind, ofNamespace, pid, startTicks, id] = name.split('.');
    if (kind !== 'corescope-run' || ofNamespace !== namespace || id === undefined) continue;
    if (readStartTicks(system, Number(pid)) === startTicks) continue;
    const stale = path.posix.join(parent, name);
    for (const member of listMembers(system, stale)) system.kill(member);
    // What has just been killed may take a moment to go; the next start finds the folder empty.
    removeWithFoldersBelow(system, stale);
  }
}
