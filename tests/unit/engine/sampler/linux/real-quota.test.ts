import { once } from 'node:events';
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeFrame } from '../../../../../src/shared/frame-codec.ts';
import type { CoreTopology } from '../../../../../src/shared/topology.ts';
import { createSessionClock } from '../../../../../src/engine/clock.ts';
import { createSampler } from '../../../../../src/engine/sampler/index.ts';
import { createRealTree, type RealTree } from '../support/real-tree.ts';

/**
 * A real control group with a quota, of version 1 or 2, where this user may make one: mostly root, in a machine or
 * container that mounts the groups for writing. A twentieth of a core, which a process that burns is given even where
 * many others do: with half a core, nothing was held back while the machine was busy.
 */
const name = `corescope-test-${process.pid}`;
const candidates = [
  { parent: '/sys/fs/cgroup/cpu', quota: [['cpu.cfs_quota_us', '5000']] },
  { parent: '/sys/fs/cgroup', quota: [['cpu.max', '5000 100000']] },
] as const;

function makeGroup(): { readonly folder: string } | string {
  const reasons: string[] = [];
  for (const { parent, quota } of candidates) {
    const folder = join(parent, name);
    try {
      mkdirSync(folder);
    } catch (error) {
      reasons.push(String(error));
      continue;
    }
    try {
      for (const [file, content] of quota) writeFileSync(join(folder, file), content);
      return { folder };
    } catch (error) {
      reasons.push(String(error));
      rmdirSync(folder);
    }
  }
  return reasons.join('; ');
}

/** A process that was held back takes its time to end even when it is killed: the group is busy until then. */
async function removeGroup(folder: string): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += 100) {
    try {
      rmdirSync(folder);
      return;
    } catch (error) {
      if (waitedMs > 20_000) throw error;
      await delay(100);
    }
  }
}

let groupFolder: string | null = null;
let real: RealTree;
beforeEach(() => {
  real = createRealTree();
});
afterEach(async () => {
  await real.end();
  if (groupFolder !== null) await removeGroup(groupFolder);
  groupFolder = null;
});

describe.runIf(process.platform === 'linux')(
  'a real quota of a twentieth of a core',
  { timeout: 60_000 },
  () => {
    it('bounds the usable cores of what runs under it, and shows how long it was held back', async (test) => {
      const group = makeGroup();
      if (typeof group === 'string') return test.skip(`no control group can be made here: ${group}`);
      groupFolder = group.folder;
      const burner = real.start('sh', ['-c', 'echo up; while :; do :; done']);
      await once(burner.stdout ?? burner, 'data');
      writeFileSync(join(group.folder, 'cgroup.procs'), String(burner.pid));

      const sampler = createSampler({ clock: createSessionClock(), everyMs: 100 });
      const topologies: CoreTopology[] = [];
      const shares: number[] = [];
      sampler.subscribe((message) => {
        if (message.type === 'topology') topologies.push(message.topology);
        if (message.type === 'frame') shares.push(decodeFrame(message.buffer).throttledShare);
      });
      sampler.watch({ pid: burner.pid, owner: 'run' });
      for (let waitedMs = 0; waitedMs < 20_000 && !shares.some((share) => share > 0.1); waitedMs += 200) {
        await delay(200);
      }
      expect(topologies.at(-1)?.usable).toMatchObject({ count: 1, boundBy: 'quota', quotaCores: 0.05 });
      expect(Math.max(...shares.filter((share) => !Number.isNaN(share)))).toBeGreaterThan(0.1);
      expect(shares.every((share) => !(share > 1))).toBe(true);

      sampler.unwatch(burner.pid);
      const known = topologies.length;
      for (let waitedMs = 0; waitedMs < 20_000 && topologies.length === known; waitedMs += 200)
        await delay(200);
      expect(topologies.at(-1)?.usable.quotaCores).not.toBe(0.05);
      expect(topologies.at(-1)?.usable.onlineCores).toBe(os.cpus().length);
      await sampler.stop();
    });
  },
);
