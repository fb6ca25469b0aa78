/** Makes a host that can be focused, and puts the worker's canvas into it. */
export function prepareHost(host: HTMLElement, canvas: HTMLElement): void {
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
  host.append(canvas);
}
