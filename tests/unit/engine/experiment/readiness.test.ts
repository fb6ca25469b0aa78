import { describe, expect, it } from 'vitest';
import { assessReadiness, type ReadinessFacts } from '../../../../src/engine/experiment/readiness.ts';
import { readLinuxFacts } from '../../../../src/engine/experiment/readiness-facts.ts';

const ready: ReadinessFacts = {
  coreCount: 4,
  backgroundCores: 0.1,
  governors: ['performance'],
  onBattery: false,
  thermal: { celsius: 50, limitCelsius: 95 },
  quotaCores: null,
  availableBytes: 4e9,
  memoryBytes: 8e9,
  mostWorkers: 4,
};

describe('a machine', () => {
  it('that is ready gets no note, and neither does one of which nothing is known', () => {
    expect(assessReadiness(ready)).toEqual([]);
    const unknown = {
      backgroundCores: null,
      governors: [],
      onBattery: null,
      thermal: null,
      availableBytes: null,
    };
    expect(assessReadiness({ ...ready, ...unknown })).toEqual([]);
  });

  it.each([
    {
      facts: { backgroundCores: 1.5 },
      kind: 'background-load',
      message: 'Other programs keep 1.50 of 4 cores busy.',
    },
    {
      facts: { governors: ['performance', 'powersave'] },
      kind: 'governor',
      message: 'The frequency governor is "powersave": cores begin slowly and speed up with the load.',
    },
    {
      facts: { onBattery: true },
      kind: 'battery',
      message: 'The computer runs on battery, and may slow the cores down to save it.',
    },
    {
      facts: { thermal: { celsius: 88.4, limitCelsius: 95 } },
      kind: 'thermal',
      message: 'The processor is at 88 °C, and is slowed down at 95 °C.',
    },
    {
      facts: { quotaCores: 1 },
      kind: 'quota',
      message: "A control group allows 1.00 cores' worth of CPU time, and up to 4 workers are planned.",
    },
    {
      facts: { availableBytes: 200e6 },
      kind: 'memory',
      message: 'Only 200 MB of memory are available: the machine may swap.',
    },
  ])('that is not is told so: $kind', ({ facts, kind, message }) => {
    const notes = assessReadiness({ ...ready, ...facts });
    expect(notes).toMatchObject([{ kind, message }]);
    expect(notes[0]?.advice).toMatch(/\.$/);
  });

  it('may be somewhat busy when it has many cores', () => {
    expect(assessReadiness({ ...ready, coreCount: 64, backgroundCores: 3 })).toEqual([]);
    expect(assessReadiness({ ...ready, coreCount: 64, backgroundCores: 4 })).toHaveLength(1);
  });
});

describe('what Linux tells', () => {
  /** Lines of `path: content`; folders follow from them. */
  function drawn(text: string): Parameters<typeof readLinuxFacts> {
    const files = new Map(
      text
        .trim()
        .split('\n')
        .map((line) => line.trim().split(': '))
        .map(([path = '', content = '']) => [path, `${content}\n`] as const),
    );
    const list = (folder: string): string[] => [
      ...new Set(
        [...files.keys()]
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''),
      ),
    ];
    return [(path) => files.get(path) ?? null, list];
  }

  it('of a laptop on battery that is getting hot', () => {
    const facts = readLinuxFacts(
      ...drawn(`
        /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor: powersave
        /sys/devices/system/cpu/cpu1/cpufreq/scaling_governor: powersave
        /sys/devices/system/cpu/cpufreq/boost: 1
        /sys/class/power_supply/AC/type: Mains
        /sys/class/power_supply/AC/online: 0
        /sys/class/power_supply/BAT0/type: Battery
        /sys/class/power_supply/BAT0/status: Discharging
        /sys/class/thermal/thermal_zone0/temp: 45000
        /sys/class/thermal/thermal_zone0/trip_point_0_type: active
        /sys/class/thermal/thermal_zone0/trip_point_0_temp: 40000
        /sys/class/thermal/thermal_zone1/temp: 91000
        /sys/class/thermal/thermal_zone1/trip_point_0_type: critical
        /sys/class/thermal/thermal_zone1/trip_point_0_temp: 105000
        /sys/class/thermal/thermal_zone1/trip_point_1_type: passive
        /sys/class/thermal/thermal_zone1/trip_point_1_temp: 95000`),
    );
    expect(facts).toEqual({
      governors: ['powersave'],
      onBattery: true,
      thermal: { celsius: 91, limitCelsius: 95 },
    });
  });

  it("does not take a mouse's battery for that of the computer", () => {
    const facts = readLinuxFacts(
      ...drawn(`
        /sys/class/power_supply/hidpp_battery_0/type: Battery
        /sys/class/power_supply/hidpp_battery_0/scope: Device
        /sys/class/power_supply/hidpp_battery_0/status: Discharging`),
    );
    expect(facts).toEqual({ governors: [], onBattery: null, thermal: null });
  });
});
