import { z } from 'zod';
import type { ExportSource } from './recording-export.ts';
import { quoteForShell } from './reproduce.ts';

/** What of a plan names the work again; of the work of users' own, only files are named by it. */
const planned = z.object({
  type: z.literal('planned'),
  plan: z.object({
    workerCounts: z.array(z.int()),
    blocks: z.int(),
    warmUpBlocks: z.int(),
    timeoutMs: z.number(),
    seed: z.int(),
    workload: z.object({
      id: z.string(),
      runtime: z.enum(['node', 'python']),
      target: z.null(),
      params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
      tasks: z.int(),
    }),
    strategies: z.array(z.string()),
  }),
});

/**
 * The command that makes such a recording again, for a POSIX shell. Null where the recording does not say: a process
 * that ran already, work of the user's own, and what hid a secret.
 */
export function repeatRecording({ manifest, events }: ExportSource): string | null {
  const words = repeatExperiment(events) ?? (manifest === null ? null : repeatRecord(manifest));
  return words === null ? null : ['npx', 'corescope', ...words].map(quoteForShell).join(' ');
}

function repeatRecord({
  command,
  requestedEveryMs,
  commandLinePrivacy,
}: NonNullable<ExportSource['manifest']>): string[] | null {
  if (command === null || command.length === 0 || commandLinePrivacy === 'program-only') return null;
  return ['record', '--every', `${requestedEveryMs}`, '--', ...command];
}

function repeatExperiment(events: ExportSource['events']): string[] | null {
  for (const event of events) {
    if (event.type !== 'run') continue;
    const parsed = planned.safeParse(event.event);
    if (!parsed.success) continue;
    const { workload, strategies, workerCounts, blocks, warmUpBlocks, timeoutMs, seed } = parsed.data.plan;
    return [
      ...['compare', workload.id, '--runtime', workload.runtime],
      ...['--strategies', strategies.join(',')],
      ...(workerCounts.length === 0 ? [] : ['--workers', workerCounts.join(',')]),
      ...['--tasks', `${workload.tasks}`],
      ...Object.entries(workload.params).flatMap(([name, value]) => ['--param', `${name}=${value}`]),
      ...['--blocks', `${blocks}`, '--warmup', `${warmUpBlocks}`],
      ...['--timeout', `${timeoutMs / 1000}`, '--seed', `${seed}`],
    ];
  }
  return null;
}
