import type { Page } from '@playwright/test';
import { decode } from 'fast-png';

/** What can be seen of the heatmap, as shares of its area. */
export interface HeatmapPicture {
  readonly bright: number;
  readonly colours: number;
}

/**
 * Looks at the heatmap's real pixels: the canvas belongs to a worker, so only a screenshot tells whether anything
 * was drawn. In the dark theme idle is almost black and a busy core pale yellow.
 */
export async function lookAtHeatmap(page: Page): Promise<HeatmapPicture> {
  const canvas = page.locator('[aria-roledescription="live timeline"] > canvas').first();
  const { data, channels, width, height } = decode(await canvas.screenshot());
  const seen = new Set<number>();
  let bright = 0;
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const [red = 0, green = 0, blue = 0] = data.subarray(pixel * channels, pixel * channels + 3);
    seen.add((red << 16) | (green << 8) | blue);
    if (red > 200 && green > 140) bright += 1;
  }
  return { bright: bright / (width * height), colours: seen.size };
}
