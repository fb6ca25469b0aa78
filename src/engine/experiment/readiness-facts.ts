import { readdirSync } from 'node:fs';
import type { ReadinessFacts } from './readiness.ts';
import { type ReadText, readText } from '../sampler/linux/text-file.ts';

/** The part of the facts that files (Linux) or the system's own tools (elsewhere) tell. */
export type SystemFacts = Pick<ReadinessFacts, 'governors' | 'onBattery' | 'thermal'>;

export type ListFolder = (path: string) => readonly string[];

function listFolder(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

export async function readSystemFacts(platform: NodeJS.Platform = process.platform): Promise<SystemFacts> {
  if (platform === 'linux') return readLinuxFacts(readText, listFolder);
  const { default: systeminformation } = await import('systeminformation');
  const battery = await systeminformation.battery().catch(() => null);
  return {
    governors: [],
    onBattery: battery === null ? null : battery.hasBattery && !battery.acConnected,
    thermal: null,
  };
}

export function readLinuxFacts(read: ReadText, list: ListFolder): SystemFacts {
  const cores = list('/sys/devices/system/cpu').filter((name) => /^cpu\d+$/.test(name));
  const governors = cores.flatMap((core) => {
    const governor = read(`/sys/devices/system/cpu/${core}/cpufreq/scaling_governor`)?.trim() ?? '';
    return governor === '' ? [] : [governor];
  });
  return {
    governors: [...new Set(governors)],
    onBattery: readOnBattery(read, list),
    thermal: readThermal(read, list),
  };
}

/** On battery: there is one that discharges, and no mains that is online (power_supply_class, sysfs-class-power). */
function readOnBattery(read: ReadText, list: ListFolder): boolean | null {
  const folder = '/sys/class/power_supply';
  const supplies = list(folder).map((name) => {
    const field = (file: string): string => read(`${folder}/${name}/${file}`)?.trim() ?? '';
    // A mouse has a battery too, of which the computer gets nothing.
    return { type: field('type'), status: field('status'), online: field('online'), scope: field('scope') };
  });
  const own = supplies.filter(({ scope }) => scope !== 'Device');
  if (own.length === 0) return null;
  const isPluggedIn = own.some(({ type, online }) => type !== 'Battery' && online === '1');
  return !isPluggedIn && own.some(({ type, status }) => type === 'Battery' && status === 'Discharging');
}

/** The zone nearest to its passive or critical limit (sysfs-class-thermal): thousandths of a degree. */
function readThermal(read: ReadText, list: ListFolder): ReadinessFacts['thermal'] {
  const folder = '/sys/class/thermal';
  const zones = list(folder)
    .filter((name) => name.startsWith('thermal_zone'))
    .flatMap((name) => {
      const field = (file: string): string => read(`${folder}/${name}/${file}`)?.trim() ?? '';
      const celsius = Number(field('temp') || Number.NaN) / 1000;
      const limits = list(`${folder}/${name}`)
        .filter(
          (file) => /^trip_point_\d+_type$/.test(file) && /^(?:passive|critical|hot)$/.test(field(file)),
        )
        .map((file) => Number(field(file.replace('_type', '_temp')) || Number.NaN) / 1000)
        .filter((limit) => limit > 0);
      if (!(celsius > 0) || limits.length === 0) return [];
      return [{ celsius, limitCelsius: Math.min(...limits) }];
    })
    .sort((left, right) => left.limitCelsius - left.celsius - (right.limitCelsius - right.celsius));
  return zones[0] ?? null;
}
