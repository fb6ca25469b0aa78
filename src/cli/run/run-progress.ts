import { createLogUpdate } from 'log-update';
import type { SessionClock } from '../../engine/clock.ts';
import type { ExperimentEvent } from '../../shared/experiment-event.ts';
import type { SamplerMessage } from '../../shared/sample.ts';
import { describeMemory, drawCores, formatClock } from '../progress-text.ts';
import { RunWatch } from '../run-watch.ts';
import { isLive, lineWidth, printNote, type Terminal } from '../terminal.ts';

export interface RunProgress {
  onEvent(event: ExperimentEvent): void;
  onSample(message: SamplerMessage): void;
  /** Takes the live line away. */
  end(): void;
}

/** Redrawing more often is not read, and costs time on the machine that is being measured. */
const redrawEveryMs = 250;

/**
 * One live line (on a terminal) below what the work writes. What it writes goes to stderr, for stdout belongs to the
 * result.
 */
export function createRunProgress(
  terminal: Terminal,
  clock: SessionClock,
  { quiet }: { readonly quiet: boolean },
): RunProgress {
  const nothing = (): void => undefined;
  if (quiet) return { onEvent: nothing, onSample: nothing, end: nothing };
  const live = isLive(terminal.err) ? createLogUpdate(terminal.err) : null;
  const watch = new RunWatch();
  let current: { readonly label: string; readonly hostPid: number; readonly startedMs: number } | null = null;
  let totalRuns = 1;
  let endsInLine = false;

  function draw(): void {
    if (live === null || current === null) return;
    const glance = watch.glance(current.hostPid);
    const parts = [`${current.label}${formatClock(clock.nowMs() - current.startedMs)}`];
    if (glance !== null) {
      parts.push(drawCores(glance.coreBusy, Math.floor(lineWidth(terminal.err) / 3)), describeMemory(glance));
    }
    live(terminal.errColours.cyan(parts.join(' · ')));
  }

  function tellOutput(text: string, skippedBytes: number): void {
    live?.clear();
    if (skippedBytes > 0) terminal.err.write(`[${skippedBytes} bytes left out]\n`);
    terminal.err.write(text);
    endsInLine = text !== '' && !text.endsWith('\n');
    // The live line would overwrite the beginning of a line that is still being written.
    if (endsInLine && live !== null) {
      terminal.err.write('\n');
      endsInLine = false;
    }
    draw();
  }

  const timer = live === null ? null : setInterval(draw, redrawEveryMs);
  return {
    onEvent: (event) => {
      switch (event.type) {
        case 'planned':
          totalRuns = event.runs.length;
          break;
        case 'run-started': {
          const label = totalRuns === 1 ? '' : `run ${event.run.order}/${totalRuns} · `;
          current = { label, hostPid: event.hostPid, startedMs: event.atMs };
          draw();
          break;
        }
        case 'output':
          tellOutput(event.text, event.skippedBytes);
          break;
        case 'run-ended':
          current = null;
          if (live === null && totalRuns > 1) {
            printNote(terminal, `run ${event.run.order}/${totalRuns} · ${event.record.state}`);
          }
          break;
        default:
      }
    },
    onSample: (message) => watch.receive(message),
    end: () => {
      if (timer !== null) clearInterval(timer);
      live?.clear();
      live?.done();
      if (endsInLine) terminal.err.write('\n');
    },
  };
}
