import { readdirSync } from 'node:fs';
import { type ReadText, readText } from '../sampler/linux/text-file.ts';

/** What the kernel counts for the whole machine, cumulative since boot. Null where it does not tell. */
export interface MachineCounters {
  /** Times that cores were slowed down because they were too hot. */
  readonly thermalThrottles: number | null;
  /** Pages that went to swap or came back. */
  readonly swappedPages: number | null;
}

const coresFolder = '/sys/devices/system/cpu';

function listCoreFolders(): readonly string[] {
  try {
    return readdirSync(coresFolder).filter((name) => /^cpu\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Only Linux has the files; elsewhere everything is null. Some hundredths of a millisecond per core. */
export function readMachineCounters(
  read: ReadText = readText,
  cores: readonly string[] = listCoreFolders(),
): MachineCounters {
  const throttles = cores.flatMap((core) => {
    const text = read(`${coresFolder}/${core}/thermal_throttle/core_throttle_count`);
    return text === null || text.trim() === '' ? [] : [Number(text)];
  });
  const vmstat = read('/proc/vmstat') ?? '';
  const swapped = ['pswpin', 'pswpout'].map((name) => new RegExp(`^${name} (\\d+)$`, 'm').exec(vmstat)?.[1]);
  return {
    thermalThrottles: throttles.length === 0 ? null : throttles.reduce((sum, count) => sum + count, 0),
    swappedPages: swapped.some((count) => count === undefined)
      ? null
      : swapped.reduce((sum, count) => sum + Number(count), 0),
  };
}
