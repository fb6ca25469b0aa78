import type { ThemeName } from '../drawing/protocol.ts';
import { rowGapPx } from '../drawing/heat-rows.ts';
import { chartFontSize, chartThemes } from './chart-theme.ts';
import { namesOfGroup, rowGroups, type CoreRow, type RowGroup } from './core-rows.ts';
import type { TimelineLayout } from './timeline-layout.ts';

/** What is drawn over and beside the rows of the heatmap: it changes with rows, size and theme only. */
export interface RowsContent {
  readonly layout: TimelineLayout;
  readonly rows: readonly CoreRow[];
  readonly theme: ThemeName;
  readonly fontFamily: string;
  readonly measureText: (text: string) => number;
}

const veilPeriodPx = 8;
/** A bracket's distance from the host's left edge, and what its name needs. */
const bracketX = 18;
const nameX = 9;

/** Names of groups beside their rows, and a veil over the cores that the work may not use. */
export function rowShapes(content: RowsContent) {
  const veil = veilPattern(content.theme);
  return [
    ...rowGroups(content.rows).flatMap((group) => groupShapes(group, content)),
    ...content.rows.flatMap(({ usable, core }, row) =>
      usable || veil === null ? [] : [veilShape(core, row, content, veil)],
    ),
  ];
}

function groupShapes({ name, firstRow, endRow }: RowGroup, content: RowsContent) {
  const { layout, rows, theme, fontFamily, measureText } = content;
  const { heat } = layout;
  const colours = chartThemes[theme];
  const rowHeightPx = heat.height / rows.length;
  const top = heat.y + firstRow * rowHeightPx;
  const below = rows[endRow];
  const bottom = heat.y + endRow * rowHeightPx - (below === undefined ? 0 : rowGapPx(below.gap, rowHeightPx));
  const fitting = namesOfGroup(name).find((form) => measureText(form) <= bottom - top);
  const id = `group-${firstRow}`;
  return [
    {
      id: `${id}-bracket`,
      type: 'polyline' as const,
      silent: true,
      shape: {
        points: [
          [bracketX + 4, top + 1],
          [bracketX, top + 1],
          [bracketX, bottom - 1],
          [bracketX + 4, bottom - 1],
        ] as [number, number][],
      },
      style: { stroke: colours.line, lineWidth: 1, fill: 'none' },
    },
    {
      id: `${id}-name`,
      type: 'text' as const,
      silent: true,
      x: nameX,
      y: (top + bottom) / 2,
      rotation: Math.PI / 2,
      style: {
        text: fitting ?? '',
        fill: colours.quietText,
        fontFamily,
        fontSize: chartFontSize,
        align: 'center' as const,
        verticalAlign: 'middle' as const,
      },
    },
  ];
}

/** Stripes with the picture between them: what others do on such a core keeps its colour. */
function veilPattern(theme: ThemeName): HTMLCanvasElement | null {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (context === null) return null;
  canvas.width = veilPeriodPx;
  canvas.height = veilPeriodPx;
  context.strokeStyle = chartThemes[theme].panel;
  context.lineWidth = veilPeriodPx / 2;
  // The line and its two neighbours, so that the tile joins up with itself.
  for (const shift of [-veilPeriodPx, 0, veilPeriodPx]) {
    context.moveTo(shift - 1, -1);
    context.lineTo(shift + veilPeriodPx + 1, veilPeriodPx + 1);
  }
  context.stroke();
  return canvas;
}

function veilShape(core: number, row: number, { layout, rows }: RowsContent, image: HTMLCanvasElement) {
  const { x, y, width, height } = layout.heat;
  const rowHeightPx = height / rows.length;
  return {
    id: `veil-${core}`,
    type: 'rect' as const,
    silent: true,
    z: 5,
    shape: { x, y: y + row * rowHeightPx, width, height: rowHeightPx },
    style: { fill: { image, repeat: 'repeat' as const }, opacity: 0.82 },
  };
}
