import type { Rect } from './timeline-layout.ts';

/** Fractions are places in the plot: 0 left, 1 right. */
export interface TimelineCommands {
  /** The place of `fraction` stays; a factor above 1 shows more time. */
  zoom(fraction: number, factor: number): void;
  /** By a fraction of what is shown; above 0 shows later times. */
  pan(fraction: number): void;
  /** From where a drag began; `isDone` when the button is let go. The time that began it may have moved on since. */
  dragSelect(phase: 'begin' | 'move' | 'end', fraction: number): void;
  /** A click that was no drag, at a height in CSS pixels from the host's top. */
  point(fraction: number, y: number): void;
  /** Moves the cell cursor by columns and rows; extends the selection to it where `extends_` says so. */
  moveCursor(columns: number, rows: number, isExtending: boolean): void;
  zoomToSelection(): void;
  /** Lets go of the selection, or else goes back to live. */
  escape(): void;
  togglePause(): void;
  backToStart(): void;
  backToLive(): void;
}

/** Larger: a turn of the wheel zooms further. A common notch is 100 to 120 units. */
const zoomPerWheelUnit = 0.0015;
const keyZoomFactor = 1.5;
const keyPanFraction = 0.15;
const pagePanFraction = 0.9;
/** Wheel units per line and per page, where the mouse counts in those. */
const unitsPerLine = 16;
/** A pointer that moves less than this between press and release is a click. */
const dragAfterPx = 3;

/** What the keys do, for the help: keys and their effect. */
export const timelineKeys: readonly (readonly [keys: string, effect: string])[] = [
  ['← → ↑ ↓', 'move the cell cursor, which says what it is on'],
  ['Shift + ← →', 'select a range from the cursor'],
  ['Enter', 'zoom to the selection'],
  ['Esc', 'clear the selection, or go back to live'],
  ['W S, + −, Alt + ↑ ↓', 'zoom in and out'],
  ['A D, Alt + ← →, Page Up/Down', 'move through time'],
  ['Space', 'pause, or follow again'],
  ['Home, End', 'to the first sample, back to live'],
  ['Drag', 'select a range'],
  ['Shift + drag', 'move through time'],
  ['Wheel', 'zoom at the pointer; with Shift, move'],
  ['Double click', 'zoom to the selection, or back to live'],
];

/** Arrows alone are the cell cursor's; with Alt they do what the letters do. */
const lettersOfArrows: Readonly<Record<string, string>> = {
  ArrowUp: 'w',
  ArrowDown: 's',
  ArrowLeft: 'a',
  ArrowRight: 'd',
};

/** Turns wheel, drag, double click and keys over the host into commands. Returns what takes the listeners off. */
export function listenForInput(host: HTMLElement, plot: () => Rect, commands: TimelineCommands): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  listenForPointer(host, plot, commands, signal);
  host.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.metaKey || event.target !== host) return;
      const letter = event.altKey ? lettersOfArrows[event.key] : event.key;
      if (letter !== undefined && pressed(letter, event.shiftKey, commands)) event.preventDefault();
    },
    { signal },
  );
  return () => abort.abort();
}

function listenForPointer(
  host: HTMLElement,
  plot: () => Rect,
  commands: TimelineCommands,
  signal: AbortSignal,
): void {
  let drag: { readonly pointerId: number; readonly pans: boolean; x: number; moved: boolean } | null = null;

  const fractionAt = (clientX: number): number => {
    const { x, width } = plot();
    const left = host.getBoundingClientRect().left + x;
    return Math.min(1, Math.max(0, (clientX - left) / width));
  };

  host.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : unitsPerLine;
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
        commands.pan(((event.deltaX === 0 ? event.deltaY : event.deltaX) * unit) / plot().width);
      } else {
        commands.zoom(fractionAt(event.clientX), Math.exp(event.deltaY * unit * zoomPerWheelUnit));
      }
    },
    { signal, passive: false },
  );

  host.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button > 1) return;
      const pans = event.button === 1 || event.shiftKey;
      drag = { pointerId: event.pointerId, pans, x: event.clientX, moved: false };
      if (!pans) commands.dragSelect('begin', fractionAt(event.clientX));
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
      if (drag.pans) commands.pan(-movedPx / plot().width);
      else commands.dragSelect('move', fractionAt(event.clientX));
    },
    { signal },
  );
  host.addEventListener(
    'pointerup',
    (event) => {
      if (drag === null) return;
      const { moved, pans } = drag;
      drag = null;
      if (!moved) commands.point(fractionAt(event.clientX), event.clientY - host.getBoundingClientRect().top);
      else if (!pans) commands.dragSelect('end', fractionAt(event.clientX));
    },
    { signal },
  );
  host.addEventListener('pointercancel', () => (drag = null), { signal });
  host.addEventListener('dblclick', () => commands.zoomToSelection(), { signal });
}

/** Whether the key meant something. */
function pressed(key: string, shiftKey: boolean, commands: TimelineCommands): boolean {
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case 'ArrowLeft':
      commands.moveCursor(-1, 0, shiftKey);
      break;
    case 'ArrowRight':
      commands.moveCursor(1, 0, shiftKey);
      break;
    case 'ArrowUp':
      commands.moveCursor(0, -1, false);
      break;
    case 'ArrowDown':
      commands.moveCursor(0, 1, false);
      break;
    case 'a':
      commands.pan(-keyPanFraction);
      break;
    case 'd':
      commands.pan(keyPanFraction);
      break;
    case 'PageUp':
      commands.pan(-pagePanFraction);
      break;
    case 'PageDown':
      commands.pan(pagePanFraction);
      break;
    case 'w':
    case '+':
    case '=':
      commands.zoom(0.5, 1 / keyZoomFactor);
      break;
    case 's':
    case '-':
      commands.zoom(0.5, keyZoomFactor);
      break;
    case 'Enter':
      commands.zoomToSelection();
      break;
    case ' ':
      commands.togglePause();
      break;
    case 'Home':
      commands.backToStart();
      break;
    case 'End':
      commands.backToLive();
      break;
    case 'Escape':
      commands.escape();
      break;
    default:
      return false;
  }
  return true;
}
