import type { Estimate, StrategyResult } from '../../shared/experiment.ts';
import { factorDigits, formatBytes, formatDuration } from '../../shared/format.ts';
import { comparableMemory, type Comparison } from './compare.ts';
import { strategyName } from './runs.ts';

/** Begins with a capital: the names of strategies do not. */
export function asSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/**
 * A ratio's digits; one digit more where rounding would show an end that is not 1 as 1.00, for there the sentence
 * rests on which side of 1 it lies.
 */
export function ratioDigits(ratio: number): string {
  const digits = factorDigits(ratio);
  return digits === '1.00' && ratio !== 1 ? ratio.toFixed(3) : digits;
}

export function intervalWords({ ci95: [low, high] }: Estimate): string {
  return `${ratioDigits(low)} to ${ratioDigits(high)}`;
}

/** `1.86 times as fast as serial (95 % interval 1.80 to 1.93)` */
export function fasterWords({ slower, ratio }: Comparison): string {
  return `${ratioDigits(ratio.median)} times as fast as ${strategyName(slower)} (95 % interval ${intervalWords(ratio)})`;
}

/** `1.07 times as long as threads × 2, 95 % interval 0.85 to 1.33` */
export function slowerWords({ faster, ratio }: Comparison): string {
  return `${ratioDigits(ratio.median)} times as long as ${strategyName(faster)}, 95 % interval ${intervalWords(ratio)}`;
}

/** What the winner costs in start-up time and memory, against serial where that was run too. One sentence. */
export function costSentence(winner: StrategyResult, serial: StrategyResult | null): string {
  if (serial === null || serial === winner) return absoluteCost(winner);
  const startup =
    winner.startupMs === null || serial.startupMs === null
      ? null
      : `${difference(winner.startupMs - serial.startupMs, formatDuration)} start-up`;
  const memoryOf = comparableMemory([winner, serial]);
  const memory =
    memoryOf === null ? null : `${difference(memoryOf(winner) - memoryOf(serial), formatBytes)} memory`;
  const known = [startup, memory].filter((cost) => cost !== null);
  if (known.length === 0) return 'What it costs in start-up and memory could not be measured.';
  const sentence = `It costs ${joinWords(known)} than serial`;
  return memory === null ? `${sentence}; memory could not be read.` : `${sentence}.`;
}

function absoluteCost(winner: StrategyResult): string {
  const memory = winner.peakPssBytes ?? winner.peakRssBytes;
  const known = [
    ...(winner.startupMs === null ? [] : [`takes ${formatDuration(winner.startupMs)} to start`]),
    ...(memory === null ? [] : [`needs ${formatBytes(memory)} of memory`]),
  ];
  return known.length === 0
    ? 'What it costs in start-up and memory could not be measured.'
    : `It ${joinWords(known)}.`;
}

function difference(value: number, formatter: (value: number) => string): string {
  return `${formatter(Math.abs(value))} ${value < 0 ? 'less' : 'more'}`;
}
