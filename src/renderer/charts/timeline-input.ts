import type { Rect } from './timeline-layout.ts';

export interface TimelineCommands {
  /** `fraction` is the place (0 left, 1 right) that stays; a factor above 1 shows more time. */
  zoom(fraction: number, factor: number): void;
  /** By a fraction of what is shown; above 0 shows later times. */
  pan(fraction: number): void;
  backToLive(): void;
}

/** Larger: a turn of the wheel zooms further. A common notch is 100 to 120 units. */
const zoomPerWheelUnit = 0.0015;
const keyZoomFactor = 1.5;
const keyPanFraction = 0.15;
/** Wheel units per line and per page, where the mouse counts in those. */
const unitsPerLine = 16;
/** A pointer that moves less than this between press and release is a click. */
const dragAfterPx = 3;

/** Turns wheel, drag, double click and keys over the host into commands. Returns what takes the listeners off. */
export function listenForInput(host: HTMLElement, plot: () => Rect, commands: TimelineCommands): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  let drag: { readonly pointerId: number; x: number; moved: boolean } | null = null;

  const fractionAt = (event: MouseEvent): number => {
    const { x, width } = plot();
    const left = host.getBoundingClientRect().left + x;
    return Math.min(1, Math.max(0, (event.clientX - left) / width));
  };

  host.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : unitsPerLine;
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
        commands.pan(((event.deltaX === 0 ? event.deltaY : event.deltaX) * unit) / plot().width);
      } else {
        commands.zoom(fractionAt(event), Math.exp(event.deltaY * unit * zoomPerWheelUnit));
      }
    },
    { signal, passive: false },
  );

  host.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button === 0) drag = { pointerId: event.pointerId, x: event.clientX, moved: false };
    },
    { signal },
  );
  host.addEventListener(
    'pointermove',
    (event) => {
      if (drag?.pointerId !== event.pointerId) return;
      const movedPx = event.clientX - drag.x;
      if (!drag.moved && Math.abs(movedPx) < dragAfterPx) return;
      if (!drag.moved) host.setPointerCapture(event.pointerId);
      drag.moved = true;
      drag.x = event.clientX;
      commands.pan(-movedPx / plot().width);
    },
    { signal },
  );
  const endDrag = (): void => {
    drag = null;
  };
  host.addEventListener('pointerup', endDrag, { signal });
  host.addEventListener('pointercancel', endDrag, { signal });
  host.addEventListener('dblclick', () => commands.backToLive(), { signal });

  host.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      switch (event.key) {
        case 'ArrowLeft':
          commands.pan(-keyPanFraction);
          break;
        case 'ArrowRight':
          commands.pan(keyPanFraction);
          break;
        case '+':
        case '=':
          commands.zoom(0.5, 1 / keyZoomFactor);
          break;
        case '-':
          commands.zoom(0.5, keyZoomFactor);
          break;
        case 'Home':
        case 'Escape':
          commands.backToLive();
          break;
        default:
          return;
      }
      event.preventDefault();
    },
    { signal },
  );

  return () => abort.abort();
}
