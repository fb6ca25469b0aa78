import { mkdirSync, rmdirSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

const folder = '/sys/fs/cgroup/cpu';
const periodUs = 100_000;

/**
 * Does the work with this process, and all that it starts, in a control group (version 1) that may use one core's
 * worth of CPU time. Null where no such group can be made here; version 2 would need this process to be alone in its
 * group.
 */
export async function withQuotaOfOneCore<Value>(work: () => Promise<Value>): Promise<Value | null> {
  if (!existsSync(join(folder, 'cpu.cfs_quota_us'))) return null;
  const group = join(folder, `corescope-verdicts-${process.pid}`);
  try {
    mkdirSync(group);
    writeFileSync(join(group, 'cpu.cfs_period_us'), String(periodUs));
    writeFileSync(join(group, 'cpu.cfs_quota_us'), String(periodUs));
    writeFileSync(join(group, 'cgroup.procs'), String(process.pid));
  } catch {
    return null;
  }
  try {
    return await work();
  } finally {
    writeFileSync(join(folder, 'cgroup.procs'), String(process.pid));
    rmdirSync(group);
  }
}
