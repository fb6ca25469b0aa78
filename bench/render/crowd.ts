import type { EntityInfo, SampleFrame } from '../../src/shared/sample.ts';
import { drawnEntity, drawnFrame } from '../../tests/support/drawn-frame.ts';

/** Many processes under one root, 20 of them with children of their own. Keys and pids count on from `firstKey`. */
export function crowdOf(processes: number, firstKey = 1): EntityInfo[] {
  return Array.from({ length: processes }, (_, index) => {
    const parent = index <= 20 ? 0 : 1 + (index % 20);
    return drawnEntity({
      key: firstKey + index,
      pid: 10_000 + firstKey + index,
      parentKey: index === 0 ? null : firstKey + parent,
      rootPid: 10_000 + firstKey,
      name: index === 0 ? 'init' : `job-${firstKey + index}`,
      commandLine: `/usr/bin/job --number ${firstKey + index}`,
    });
  });
}

/**
 * One tick of them: a tenth of the rows has another load than at the tick before, among those that stand together in
 * the table as among all. CPU time goes on with a third of a core, more or less as the load has it.
 */
export function crowdFrame(
  keys: Float64Array,
  sequence: number,
  everyMs: number,
  coreBusy: Float64Array,
): SampleFrame {
  const load = (key: number): number => {
    const changedAt = Math.floor((sequence + key + Math.floor(key / 20)) / 10);
    return ((key * 37 + changedAt * 11) % 100) / 100;
  };
  const cpuShare = keys.map(load);
  const cpuMs = keys.map((key) => sequence * everyMs * 0.3 + key + load(key) * 120);
  const pssBytes = keys.map((key) => 1e6 + key * 100 + load(key) * 1e6);
  return drawnFrame({
    sequence,
    atMs: sequence * everyMs,
    requestedEveryMs: everyMs,
    everyMs,
    coreBusy,
    keys,
    cpuShare,
    totalCpuShare: cpuShare,
    cpuMs,
    totalCpuMs: cpuMs,
    waitShare: keys.map((key) => load(key) / 4),
    pssBytes,
    totalPssBytes: pssBytes,
    rssBytes: keys.map((key) => 3e6 + key * 100),
  });
}
