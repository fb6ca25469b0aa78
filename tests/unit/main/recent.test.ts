import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePlan } from '../../../src/engine/experiment/plan.ts';
import { openRecentItems } from '../../../src/main/recent.ts';
import type { ExperimentPlan } from '../../../src/shared/experiment.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'corescope-recent-'));
  path = join(folder, 'recent.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function planOf(id: string, seed: number): ExperimentPlan {
  const parsed = parsePlan({
    workload: { id, runtime: 'node', target: null, params: {}, tasks: 2 },
    strategies: ['serial', 'threads'],
    workerCounts: [2],
    blocks: 3,
    warmUpBlocks: 1,
    timeoutMs: 60_000,
    pythonPath: null,
    startMethod: null,
    seed,
  });
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value;
}

describe('what was done lately', () => {
  it('is listed once each, the newest first, over a restart', async () => {
    const recent = openRecentItems(path);
    recent.add({ kind: 'experiment', atUnixMs: 1, plan: planOf('count-loop', 1) });
    recent.add({ kind: 'recording', atUnixMs: 2, path: '/data/a.corescope' });
    recent.add({ kind: 'experiment', atUnixMs: 3, plan: planOf('hash', 1) });
    // The same comparison in another order.
    recent.add({ kind: 'experiment', atUnixMs: 4, plan: planOf('count-loop', 2) });
    await recent.settled();
    const names = openRecentItems(path)
      .get()
      .map((item) => `${item.atUnixMs} ${item.kind === 'recording' ? item.path : item.plan.workload.id}`);
    expect(names).toEqual(['4 count-loop', '3 hash', '2 /data/a.corescope']);
  });

  it('leaves out what this Corescope cannot run', async () => {
    const recent = openRecentItems(path);
    recent.add({ kind: 'experiment', atUnixMs: 1, plan: planOf('hash', 1) });
    await recent.settled();
    writeFileSync(path, readFileSync(path, 'utf8').replace('"hash"', '"teleport"'));
    const again = openRecentItems(path);
    expect(again.get()).toEqual([]);
    expect(again.problem()).toBeNull();
  });

  it('is twelve at most', () => {
    const recent = openRecentItems(path);
    for (let index = 0; index < 20; index += 1) {
      recent.add({ kind: 'recording', atUnixMs: index, path: `/${index}.corescope` });
    }
    expect(recent.get()).toHaveLength(12);
    expect(recent.get()[0]).toMatchObject({ path: '/19.corescope' });
  });
});
