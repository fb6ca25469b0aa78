import type { ExperimentPlan } from '../../shared/experiment.ts';
import { planLimits } from '../../shared/plan-limits.ts';

const bytesPerMb = 1e6;
const msPerSecond = 1000;

/** A field that may be left empty has NaN in it. */
const leftEmpty = Number.NaN;

export type RunOptionField = 'timeout' | 'memoryLimit' | 'nice' | 'warmUp' | 'seed';

/** What few comparisons need: limits of a run, its priority, what happens around it. */
export class RunOptions {
  timeoutSeconds: number = $state(60);
  warmUpBlocks: number = $state(1);
  memoryLimitMb: number = $state(leftEmpty);
  niceLevel: number = $state(leftEmpty);
  seed: number = $state(leftEmpty);
  prepareCommand = $state('');
  cleanupCommand = $state('');

  /** In words, what is wrong with a field; null where nothing is. */
  readonly faults: Readonly<Record<RunOptionField, string | null>> = $derived({
    timeout: faultOf('Time limit', this.timeoutSeconds, secondsOf(planLimits.timeoutMs), 's'),
    memoryLimit: faultOf(
      'Memory limit',
      this.memoryLimitMb,
      megabytesOf(planLimits.memoryLimitBytes),
      'MB',
      true,
    ),
    nice: wholeFaultOf('Nice level', this.niceLevel, planLimits.niceLevel, true),
    warmUp: wholeFaultOf('Warm-ups', this.warmUpBlocks, planLimits.warmUpBlocks, false),
    seed: wholeFaultOf('Seed', this.seed, planLimits.seed, true),
  });

  /** How many of them are not as they were to begin with. */
  readonly changedCount: number = $derived(
    Number(this.timeoutSeconds !== 60) +
      Number(this.warmUpBlocks !== 1) +
      [this.memoryLimitMb, this.niceLevel, this.seed].filter((value) => !Number.isNaN(value)).length +
      [this.prepareCommand, this.cleanupCommand].filter((command) => command.trim() !== '').length,
  );

  toPlanPart(): Pick<
    ExperimentPlan,
    'timeoutMs' | 'warmUpBlocks' | 'memoryLimitBytes' | 'niceLevel' | 'prepareCommand' | 'cleanupCommand'
  > {
    const prepare = this.prepareCommand.trim();
    const cleanup = this.cleanupCommand.trim();
    return {
      timeoutMs: Math.round(this.timeoutSeconds * msPerSecond),
      warmUpBlocks: this.warmUpBlocks,
      ...(Number.isNaN(this.memoryLimitMb)
        ? {}
        : { memoryLimitBytes: Math.round(this.memoryLimitMb * bytesPerMb) }),
      ...(Number.isNaN(this.niceLevel) ? {} : { niceLevel: this.niceLevel }),
      ...(prepare === '' ? {} : { prepareCommand: prepare }),
      ...(cleanup === '' ? {} : { cleanupCommand: cleanup }),
    };
  }
}

/** Why a number that may have a fraction cannot be taken, or null. */
export function faultOf(
  label: string,
  value: number,
  [least, most]: readonly [number, number],
  unit: string,
  mayBeEmpty = false,
): string | null {
  if (Number.isNaN(value) && mayBeEmpty) return null;
  if (value >= least && value <= most) return null;
  const behind = unit === '' ? '' : ` ${unit}`;
  return `${label} must be from ${spaced(least)} to ${spaced(most)}${behind}.`;
}

export function wholeFaultOf(
  label: string,
  value: number,
  [least, most]: readonly [number, number],
  mayBeEmpty: boolean,
): string | null {
  if (Number.isNaN(value) && mayBeEmpty) return null;
  if (Number.isInteger(value) && value >= least && value <= most) return null;
  return `${label} must be a whole number from ${spaced(least)} to ${spaced(most)}.`;
}

/** `10 000`: thousands apart from five digits on, as in the app's other texts. */
function spaced(value: number): string {
  return Math.abs(value) < 10_000 ? String(value) : String(value).replaceAll(/\B(?=(\d{3})+$)/g, ' ');
}

function secondsOf([least, most]: readonly [number, number]): readonly [number, number] {
  return [least / msPerSecond, most / msPerSecond];
}

function megabytesOf([least, most]: readonly [number, number]): readonly [number, number] {
  return [least / bytesPerMb, most / bytesPerMb];
}
