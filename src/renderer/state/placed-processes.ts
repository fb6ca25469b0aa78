import { processName } from '../charts/slot-names.ts';
import type { PlacedProcess } from '../drawing/process-slots.ts';
import type { ProcessTree } from './process-tree.ts';

/** Those of the processes that the tree has, by the CPU time that they have used, the most first. */
export function busiestFirst(
  { frame, shape }: Pick<ProcessTree, 'frame' | 'shape'>,
  placed: readonly PlacedProcess[],
): readonly { readonly slot: number; readonly name: string }[] {
  const byPid = new Map(placed.map((process) => [process.pid, process]));
  const there = shape.nodes.flatMap(({ entity, row }) => {
    const process = entity.kind === 'process' ? byPid.get(entity.pid) : undefined;
    const usedMs = frame?.cpuMs[row] ?? Number.NaN;
    return process === undefined ? [] : [{ process, usedMs: Number.isNaN(usedMs) ? 0 : usedMs }];
  });
  return there
    .sort((one, other) => other.usedMs - one.usedMs || one.process.slot - other.process.slot)
    .map(({ process }) => ({ slot: process.slot, name: processName(process) }));
}
