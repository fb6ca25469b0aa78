import { z } from 'zod';
import { parsePlan } from '../engine/experiment/plan.ts';
import type { ExperimentPlan } from '../shared/experiment.ts';
import type { RecentItem } from '../shared/shell-requests.ts';
import { openJsonStore, type JsonStore } from './json-store.ts';

/** Enough to find again what was done this week; more would be a history, which the recordings are. */
const mostItems = 12;

const itemShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('experiment'), atUnixMs: z.number(), plan: z.unknown() }),
  z.object({ kind: z.literal('recording'), atUnixMs: z.number(), path: z.string() }),
]);

/** A plan that this Corescope cannot run any more is left out: its file may be gone, or its workload. */
const fileSchema: z.ZodType<readonly RecentItem[]> = z.array(itemShape).transform((items) =>
  items.flatMap((item): RecentItem[] => {
    if (item.kind === 'recording') return [item];
    const plan = parsePlan(item.plan);
    return plan.ok ? [{ kind: 'experiment', atUnixMs: item.atUnixMs, plan: plan.value }] : [];
  }),
);

export interface RecentItems extends JsonStore<readonly RecentItem[]> {
  add(item: RecentItem): void;
}

export function openRecentItems(path: string): RecentItems {
  const store = openJsonStore({ path, schema: fileSchema, fallback: [], what: 'recent items' });
  return { ...store, add: (item) => store.set(withItem(store.get(), item)) };
}

/** The newest first; what is the same apart from its time and seed is listed once. */
export function withItem(items: readonly RecentItem[], item: RecentItem): readonly RecentItem[] {
  const name = nameOf(item);
  return [item, ...items.filter((other) => nameOf(other) !== name)].slice(0, mostItems);
}

function nameOf(item: RecentItem): string {
  return item.kind === 'recording' ? item.path : JSON.stringify(withoutSeed(item.plan));
}

function withoutSeed(plan: ExperimentPlan): ExperimentPlan {
  return { ...plan, seed: 0 };
}
