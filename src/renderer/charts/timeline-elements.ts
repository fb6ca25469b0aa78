import type { Rect } from './timeline-layout.ts';

/** What scrolls with time is drawn on a canvas of its own, which can be moved without drawing anything. */
export const scrollingLayer = 1;
/** Above that, so that the pointer's time covers the labels, and moving the pointer redraws nothing else. */
export const pointerLayer = 2;

/** Puts the worker's canvas and the chart, one over the other, into a host that can be focused. */
export function prepareHost(host: HTMLElement, canvas: HTMLElement, chartElement: HTMLElement): void {
  host.tabIndex = 0;
  host.setAttribute('role', 'application');
  host.setAttribute('aria-roledescription', 'live timeline');
  if (!host.hasAttribute('aria-label')) {
    const keys =
      'Arrow keys move a cell cursor, with Shift they select a range. A and D move through time, W and S zoom, ' +
      'Space pauses, End returns to live.';
    host.setAttribute('aria-label', `How busy each core is over time, and what the run takes. ${keys}`);
  }
  canvas.setAttribute('aria-hidden', 'true');
  Object.assign(host.style, {
    position: 'relative',
    overflow: 'hidden',
    touchAction: 'none',
    userSelect: 'none',
  });
  Object.assign(canvas.style, { position: 'absolute' });
  Object.assign(chartElement.style, { position: 'absolute', inset: '0' });
  host.append(canvas, chartElement);
}

/**
 * Moves the chart's scrolling layer to the left by so many CSS pixels and cuts it off at the sides of the plot, whose
 * lowest part is `plot`; the time labels below it may stand out. ECharts keeps one canvas per `zlevel`, and names it
 * `zr_1` or, since zrender 6.1, `zr_1.0`.
 */
export function scrollLayer(chartElement: HTMLElement, plot: Rect, scrolledPx: number): void {
  const layer = chartElement.querySelector(`canvas[data-zr-dom-id^="zr_${scrollingLayer}"]`);
  if (!(layer instanceof HTMLElement)) return;
  const left = `${plot.x + scrolledPx}px`;
  const right = `${plot.x + plot.width + scrolledPx}px`;
  const bottom = `${plot.y + plot.height + 2}px`;
  const corners = [`${left} 0`, `${right} 0`, `${right} ${bottom}`, `100% ${bottom}`];
  corners.push('100% 100%', '0 100%', `0 ${bottom}`, `${left} ${bottom}`);
  layer.style.transform = `translateX(${-scrolledPx}px)`;
  layer.style.clipPath = `polygon(${corners.join(', ')})`;
  // The pointer's place is taken relative to the element under it: that must not be one that moves.
  layer.style.pointerEvents = 'none';
}
