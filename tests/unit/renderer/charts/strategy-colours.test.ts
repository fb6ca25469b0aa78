import { describe, expect, it } from 'vitest';
import { chartThemes } from '../../../../src/renderer/charts/chart-theme.ts';
import { strategyColour } from '../../../../src/renderer/charts/strategy-colours.ts';
import { strategyIds } from '../../../../src/shared/workload.ts';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

function linear(hex: string): Triple {
  const channel = (from: number): number => {
    const value = Number.parseInt(hex.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}
function times(matrix: Matrix, [a, b, c]: Triple): Triple {
  const row = ([x, y, z]: Triple): number => x * a + y * b + z * c;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}
function contrast(one: string, other: string): number {
  const luminance = (hex: string): number => {
    const [red, green, blue] = linear(hex);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
function lab(rgb: Triple): Triple {
  const [x, y, z] = times(
    [
      [0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505],
      [0.2126, 0.7152, 0.0722],
      [0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089],
    ],
    rgb,
  );
  const f = (value: number): number => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
  return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))];
}
function difference(one: Triple, other: Triple): number {
  const [a, b] = [lab(one), lab(other)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. */
const visions: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

describe.each(['dark', 'light', 'high-contrast'] as const)('the strategy colours on %s', (theme) => {
  it.each(strategyIds)('let %s stand out from the panel, and its label from its band', (strategy) => {
    const { fill, onFill } = strategyColour(theme, strategy);
    expect(contrast(fill, chartThemes[theme].panel)).toBeGreaterThanOrEqual(3);
    expect(contrast(onFill, fill)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.keys(visions))('of the three families are far apart with %s vision', (vision) => {
    const matrix = visions[vision];
    if (matrix === undefined) throw new Error(vision);
    const clipped = (rgb: Triple): Triple => {
      const [red, green, blue] = times(matrix, rgb);
      return [Math.max(0, red), Math.max(0, green), Math.max(0, blue)];
    };
    const seen = (['serial', 'threads', 'processes'] as const).map((strategy) =>
      clipped(linear(strategyColour(theme, strategy).fill)),
    );
    for (const [index, one] of seen.entries()) {
      // 20 in CIELAB is a difference that is named without comparing side by side.
      for (const other of seen.slice(index + 1)) expect(difference(one, other)).toBeGreaterThanOrEqual(20);
    }
  });

  it('keeps axis text readable', () => {
    const { panel, quietText, text } = chartThemes[theme];
    expect(contrast(quietText, panel)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(text, panel)).toBeGreaterThanOrEqual(7);
  });
});
