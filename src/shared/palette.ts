/**
 * The heatmap's colours: matplotlib's *inferno* and *viridis* (Nathaniel J. Smith and Stéfan van der Walt, 2015,
 * dedicated to the public domain under CC0; https://bids.github.io/colormap/) and *cividis* (Jamie R. Nuñez,
 * Christopher R. Anderton, Ryan S. Renslow, 2018; https://doi.org/10.1371/journal.pone.0199239). The lightness of each
 * rises evenly, and any two shares 10 % apart stay distinct for people with protanopia, deuteranopia or tritanopia.
 */
type Rgb = readonly [red: number, green: number, blue: number];

export const heatScales = ['inferno', 'viridis', 'cividis'] as const;
export type HeatScale = (typeof heatScales)[number];

/**
 * Every fifth entry of matplotlib's 256, as 8-bit sRGB: 0, 5, 10 … 255. Interpolating between them is off by at
 * most one step of a channel anywhere (in the darkest tenth of cividis by up to four).
 */
// prettier-ignore
export const heatAnchors: Readonly<Record<HeatScale, readonly Rgb[]>> = {
  inferno: [
    [0, 0, 4], [2, 2, 12], [5, 4, 23], [10, 7, 34], [16, 9, 45], [22, 11, 57],
    [30, 12, 69], [38, 12, 81], [47, 10, 91], [56, 9, 98], [64, 10, 103], [73, 11, 106],
    [81, 14, 108], [89, 16, 110], [97, 19, 110], [105, 22, 110], [113, 25, 110], [120, 28, 109],
    [128, 31, 108], [136, 34, 106], [144, 37, 104], [152, 39, 102], [160, 42, 99], [168, 46, 95],
    [176, 49, 91], [183, 53, 87], [191, 57, 82], [198, 61, 77], [204, 66, 72], [211, 71, 67],
    [217, 77, 61], [223, 83, 55], [228, 90, 49], [233, 97, 43], [237, 105, 37], [241, 113, 31],
    [244, 121, 24], [247, 130, 18], [249, 139, 11], [250, 148, 7], [251, 157, 7], [252, 166, 12],
    [252, 176, 20], [251, 186, 31], [250, 196, 42], [248, 205, 55], [246, 215, 70], [244, 225, 86],
    [242, 234, 105], [242, 242, 125], [245, 249, 146], [252, 255, 164],
  ],
  viridis: [
    [68, 1, 84], [70, 8, 92], [71, 16, 99], [72, 23, 105], [72, 29, 111], [72, 36, 117],
    [71, 42, 122], [70, 48, 126], [69, 55, 129], [67, 61, 132], [65, 66, 135], [63, 72, 137],
    [61, 78, 138], [58, 83, 139], [56, 89, 140], [53, 94, 141], [51, 99, 141], [49, 104, 142],
    [46, 109, 142], [44, 113, 142], [42, 118, 142], [41, 123, 142], [39, 128, 142], [37, 132, 142],
    [35, 137, 142], [33, 142, 141], [32, 146, 140], [31, 151, 139], [30, 156, 137], [31, 161, 136],
    [33, 165, 133], [36, 170, 131], [40, 174, 128], [46, 179, 124], [53, 183, 121], [61, 188, 116],
    [70, 192, 111], [80, 196, 106], [90, 200, 100], [101, 203, 94], [112, 207, 87], [124, 210, 80],
    [137, 213, 72], [149, 216, 64], [162, 218, 55], [176, 221, 47], [189, 223, 38], [202, 225, 31],
    [216, 226, 25], [229, 228, 25], [241, 229, 29], [253, 231, 37],
  ],
  cividis: [
    [0, 34, 78], [0, 38, 86], [0, 42, 95], [0, 45, 104], [0, 48, 112], [8, 51, 112],
    [22, 55, 112], [32, 58, 111], [39, 62, 110], [46, 65, 109], [52, 69, 108], [58, 72, 108],
    [63, 76, 108], [68, 79, 108], [73, 83, 108], [78, 86, 108], [83, 90, 109], [87, 93, 109],
    [92, 97, 110], [96, 100, 111], [101, 104, 112], [105, 107, 113], [109, 111, 114], [114, 114, 116],
    [118, 118, 118], [122, 122, 120], [126, 125, 120], [131, 129, 121], [136, 133, 120], [141, 136, 120],
    [146, 140, 120], [150, 144, 119], [155, 148, 118], [160, 152, 117], [165, 156, 116], [170, 160, 115],
    [175, 164, 113], [181, 168, 111], [186, 172, 109], [191, 176, 107], [196, 180, 104], [201, 185, 101],
    [207, 189, 98], [212, 193, 95], [218, 198, 91], [223, 202, 87], [229, 207, 82], [234, 211, 76],
    [240, 216, 70], [246, 221, 63], [252, 226, 54], [254, 232, 56],
  ],
};

/** How many steps a colour scale has. */
const scaleSize = 256;

/**
 * The colour of a share: 0 is the darkest, 1 the palest. Channels are 0 to 255, whole numbers. The share is
 * clamped to 0..1 and rounded to one of 256 entries. Throws a RangeError on NaN: what is unknown has no colour and
 * must be drawn as a texture, never as one of these.
 */
export function scaleRgb(share: number, scale: HeatScale): readonly [number, number, number] {
  const colour = tables[scale][Math.round(Math.min(Math.max(share, 0), 1) * (scaleSize - 1))];
  if (colour === undefined) throw new RangeError('an unknown share has no colour');
  return colour;
}

const tables: Readonly<Record<HeatScale, readonly Rgb[]>> = {
  inferno: tableOf(heatAnchors.inferno),
  viridis: tableOf(heatAnchors.viridis),
  cividis: tableOf(heatAnchors.cividis),
};

function tableOf(anchors: readonly Rgb[]): readonly Rgb[] {
  return Array.from({ length: scaleSize }, (_, entry) => {
    const position = (entry / (scaleSize - 1)) * (anchors.length - 1);
    const before = anchors[Math.floor(position)];
    const after = anchors[Math.ceil(position)];
    if (before === undefined || after === undefined) throw new Error(`no anchors around entry ${entry}`);
    const weight = position - Math.floor(position);
    const mix = (channel: 0 | 1 | 2): number =>
      Math.round(before[channel] + (after[channel] - before[channel]) * weight);
    return [mix(0), mix(1), mix(2)] as const;
  });
}

/**
 * The stretch of a scale that each theme uses, from idle to fully busy. On a dark page idle recedes into the
 * background; on a light page the scale is reversed so that it does there too. (Contrast of inferno's idle to the
 * page is 1.1 to 1.2, of its fully busy 16 to 20.)
 */
const shownSpan = {
  dark: { idle: 0.06, busy: 1 },
  light: { idle: 0.97, busy: 0.05 },
  'high-contrast': { idle: 0, busy: 1 },
} as const satisfies Record<string, { idle: number; busy: number }>;

/** The colour of a busy share (0 to 1) on a page of that theme. Reports and pictures are always inferno. */
export function busyRgb(
  share: number,
  theme: keyof typeof shownSpan,
  scale: HeatScale = 'inferno',
): readonly [number, number, number] {
  const { idle, busy } = shownSpan[theme];
  return scaleRgb(idle + (busy - idle) * Math.min(Math.max(share, 0), 1), scale);
}
