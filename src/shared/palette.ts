/**
 * The heatmap's colours: matplotlib's *inferno* (Nathaniel J. Smith and Stéfan van der Walt, 2015, dedicated to the
 * public domain under CC0; https://bids.github.io/colormap/). Lightness rises evenly from 0 to 1, and any two shares
 * 10 % apart stay distinct for people with protanopia, deuteranopia or tritanopia.
 */
type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Every fifth entry of matplotlib's 256, as 8-bit sRGB: 0, 5, 10 … 255. Interpolating between them is off by at
 * most one step of a channel anywhere; every tenth would be off by up to four.
 */
// prettier-ignore
export const infernoAnchors: readonly Rgb[] = [
  [0, 0, 4], [2, 2, 12], [5, 4, 23], [10, 7, 34], [16, 9, 45], [22, 11, 57],
  [30, 12, 69], [38, 12, 81], [47, 10, 91], [56, 9, 98], [64, 10, 103], [73, 11, 106],
  [81, 14, 108], [89, 16, 110], [97, 19, 110], [105, 22, 110], [113, 25, 110], [120, 28, 109],
  [128, 31, 108], [136, 34, 106], [144, 37, 104], [152, 39, 102], [160, 42, 99], [168, 46, 95],
  [176, 49, 91], [183, 53, 87], [191, 57, 82], [198, 61, 77], [204, 66, 72], [211, 71, 67],
  [217, 77, 61], [223, 83, 55], [228, 90, 49], [233, 97, 43], [237, 105, 37], [241, 113, 31],
  [244, 121, 24], [247, 130, 18], [249, 139, 11], [250, 148, 7], [251, 157, 7], [252, 166, 12],
  [252, 176, 20], [251, 186, 31], [250, 196, 42], [248, 205, 55], [246, 215, 70], [244, 225, 86],
  [242, 234, 105], [242, 242, 125], [245, 249, 146], [252, 255, 164],
];

/** How many steps the colour scale has. */
export const infernoSize = 256;

/**
 * The colour of a share: 0 is nearly black, 1 a pale yellow. Channels are 0 to 255, whole numbers. The share is
 * clamped to 0..1 and rounded to one of 256 entries. Throws a RangeError on NaN: what is unknown has no colour and
 * must be drawn as a texture, never as one of these.
 */
export function infernoRgb(share: number): readonly [number, number, number] {
  const colour = infernoTable[Math.round(Math.min(Math.max(share, 0), 1) * (infernoSize - 1))];
  if (colour === undefined) throw new RangeError('an unknown share has no colour');
  return colour;
}

const infernoTable: readonly Rgb[] = Array.from({ length: infernoSize }, (_, entry) => {
  const position = (entry / (infernoSize - 1)) * (infernoAnchors.length - 1);
  const before = infernoAnchors[Math.floor(position)];
  const after = infernoAnchors[Math.ceil(position)];
  if (before === undefined || after === undefined) throw new Error(`no anchors around entry ${entry}`);
  const weight = position - Math.floor(position);
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(before[channel] + (after[channel] - before[channel]) * weight);
  return [mix(0), mix(1), mix(2)] as const;
});

/**
 * The stretch of the scale that each theme uses, from idle to fully busy. On a dark page idle recedes into the
 * background; on a light page the scale is reversed so that it does there too. (Contrast of idle to the page is 1.1
 * to 1.2, of fully busy 16 to 20.)
 */
export const infernoSpan = {
  dark: { idle: 0.06, busy: 1 },
  light: { idle: 0.97, busy: 0.05 },
} as const satisfies Record<string, { idle: number; busy: number }>;

/** The colour of a busy share (0 to 1) on a page of that theme. */
export function busyRgb(share: number, theme: keyof typeof infernoSpan): readonly [number, number, number] {
  const { idle, busy } = infernoSpan[theme];
  return infernoRgb(idle + (busy - idle) * Math.min(Math.max(share, 0), 1));
}
