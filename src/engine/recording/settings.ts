import type { RecordingManifest } from '../../shared/recording.ts';

/** A setting in which recordings differ. */
export interface SettingDifference {
  /** As people call it: `CPU model`, `strategy` … */
  readonly setting: string;
  /**
   * `same-needed`: with it differing, the recordings are of different things. `subject`: what one compares recordings
   * to learn about. `minor`: worth knowing.
   */
  readonly weight: 'same-needed' | 'subject' | 'minor';
  /** One for each recording; null is not known. */
  readonly values: readonly (string | null)[];
}

type Reader = (manifest: RecordingManifest) => string | number | boolean | null | undefined;
type Setting = readonly [setting: string, weight: SettingDifference['weight'], read: Reader];

/** Everything that the manifest says, except when it was and what it is called. */
const settings: readonly Setting[] = [
  ['workload', 'same-needed', ({ workload }) => workload],
  ['command', 'same-needed', ({ command }) => (command === null ? null : command.join(' '))],
  ['runtime', 'subject', ({ interpreter }) => interpreter?.runtime],
  ['CPU model', 'same-needed', ({ machine }) => machine?.cpuModel],
  ['number of cores', 'same-needed', ({ machine }) => machine?.logicalCores],
  ['number of physical cores', 'same-needed', ({ machine }) => machine?.physicalCores],
  // A virtual machine tells a little less or more from boot to boot.
  [
    'memory (GiB)',
    'same-needed',
    ({ machine }) => (machine === null ? null : Math.round(machine.memoryBytes / 2 ** 30)),
  ],
  ['operating system', 'same-needed', ({ machine }) => machine?.os],
  ['kernel', 'same-needed', ({ machine }) => machine?.kernel],
  ['architecture', 'same-needed', ({ machine }) => machine?.arch],
  ['virtualization', 'same-needed', ({ machine }) => machine?.virtualization],
  ['governor', 'same-needed', ({ governor }) => governor],
  ['CPU quota (cores)', 'same-needed', ({ quotaCores }) => quotaCores],
  ['strategy', 'subject', ({ strategy }) => strategy],
  ['workers', 'subject', ({ workers }) => workers],
  ['interpreter', 'subject', ({ interpreter }) => interpreter?.implementation],
  ['interpreter version', 'subject', ({ interpreter }) => interpreter?.version],
  ['global interpreter lock', 'subject', ({ interpreter }) => interpreter?.gilEnabled],
  ['free-threaded build', 'subject', ({ interpreter }) => interpreter?.freeThreadedBuild],
  ['start method', 'subject', ({ interpreter }) => interpreter?.startMethod],
  ['interpreter path', 'minor', ({ interpreter }) => interpreter?.executable],
  ['seed', 'minor', ({ seed }) => seed],
  ['sampling interval (ms)', 'minor', ({ requestedEveryMs }) => requestedEveryMs],
  ['command line privacy', 'minor', ({ commandLinePrivacy }) => commandLinePrivacy],
  ['Corescope version', 'minor', ({ corescopeVersion }) => corescopeVersion],
];

/** Settings that are not the same in all; a manifest that is lost differs in all that the others know. */
export function differencesOf(manifests: readonly (RecordingManifest | null)[]): SettingDifference[] {
  const names = new Set(manifests.flatMap((manifest) => Object.keys(manifest?.versions ?? {})));
  const versions = [...names]
    .sort()
    .map((name): Setting => [`version of ${name}`, 'minor', (manifest) => manifest.versions[name]]);
  return [...settings, ...versions].flatMap(([setting, weight, read]) => {
    const values = manifests.map((manifest) => {
      const value = manifest === null ? null : (read(manifest) ?? null);
      return value === null ? null : String(value);
    });
    return new Set(values).size > 1 ? [{ setting, weight, values }] : [];
  });
}
