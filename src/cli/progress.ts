import { createLogUpdate } from 'log-update';
import type { SessionClock } from '../engine/clock.ts';
import type { ExperimentEvent, PlannedRun } from '../shared/experiment-event.ts';
import type { ReadinessNote } from '../shared/experiment.ts';
import type { SamplerMessage } from '../shared/sample.ts';
import type { SessionMs } from '../shared/units.ts';
import {
  describeEndedRun,
  describeLook,
  describeMemory,
  describePlan,
  describeRunUnderWay,
  drawCores,
  type ToldFailures,
} from './progress-text.ts';
import { RunWatch } from './run-watch.ts';
import { isLive, lineWidth, printNote, type Terminal } from './terminal.ts';

export interface Progress {
  onEvent(event: ExperimentEvent): void;
  onSample(message: SamplerMessage): void;
  /** Takes the live lines away, so that what is printed next stands where they stood. */
  end(): void;
}

/** Redrawing more often is not read, and costs time on the machine that is being measured. */
const redrawEveryMs = 250;

/** What is told while an experiment runs: live lines on a terminal, a line per run elsewhere, or nothing. */
export function createProgress(
  terminal: Terminal,
  clock: SessionClock,
  options: { readonly quiet: boolean; readonly interpreterVersion: string },
): Progress {
  if (options.quiet) return { onEvent: ignore, onSample: ignore, end: ignore };
  const { interpreterVersion } = options;
  return isLive(terminal.err)
    ? createLiveProgress(terminal, clock, interpreterVersion)
    : createPlainProgress(terminal, interpreterVersion);
}

function ignore(): void {
  // Quiet: nothing is told.
}

function createPlainProgress(terminal: Terminal, interpreterVersion: string): Progress {
  const told: ToldFailures = new Map();
  return {
    onEvent: (event) => {
      if (event.type === 'planned') {
        printNote(terminal, describePlan(event.plan, interpreterVersion, event.runs.length));
      }
      if (event.type === 'readiness') printReadiness(terminal, event.notes);
      if (event.type === 'run-ended') {
        printNote(terminal, describeEndedRun(event.run, event.record, event.totalRuns, told));
      }
      if (event.type === 'looked') printNote(terminal, describeLook(event));
    },
    onSample: ignore,
    end: ignore,
  };
}

/** What is wrong with the machine, and what to do about it: before the minutes that the runs take. */
function printReadiness(terminal: Terminal, notes: readonly ReadinessNote[]): void {
  for (const { message, advice } of notes) printNote(terminal, `${message} ${advice}`);
}

function createLiveProgress(terminal: Terminal, clock: SessionClock, interpreterVersion: string): Progress {
  const live = createLogUpdate(terminal.err);
  const watch = new RunWatch();
  const told: ToldFailures = new Map();
  const { bold, cyan } = terminal.errColours;
  let totalRuns = 0;
  let startedMs: SessionMs = clock.nowMs();
  let current: { readonly run: PlannedRun; readonly hostPid: number } | null = null;
  let lookLine: string | null = null;
  let estimate: { readonly remainingMs: number; readonly atMs: SessionMs } | null = null;

  function draw(): void {
    if (current === null) return;
    const nowMs = clock.nowMs();
    const remainingMs = estimate === null ? null : estimate.remainingMs - (nowMs - estimate.atMs);
    const lines = [bold(describeRunUnderWay(current.run, totalRuns, nowMs - startedMs, remainingMs))];
    const glance = watch.glance(current.hostPid);
    if (glance !== null) {
      // Half of the line for the cores leaves room for the memory beside them.
      const cores = drawCores(glance.coreBusy, Math.floor(lineWidth(terminal.err) / 2));
      lines.push(`${cyan(cores)} · ${describeMemory(glance)}`);
      if (glance.slowed !== null) lines.push(glance.slowed);
    }
    if (lookLine !== null) lines.push(lookLine);
    live(lines.join('\n'));
  }

  const timer = setInterval(draw, redrawEveryMs);
  return {
    onEvent: (event) => {
      switch (event.type) {
        case 'planned':
          totalRuns = event.runs.length;
          startedMs = event.atMs;
          printNote(terminal, describePlan(event.plan, interpreterVersion, totalRuns));
          break;
        case 'readiness':
          printReadiness(terminal, event.notes);
          break;
        case 'looked':
          lookLine = describeLook(event);
          break;
        case 'paused':
          live.clear();
          break;
        case 'run-started':
          current = { run: event.run, hostPid: event.hostPid };
          draw();
          break;
        case 'run-ended':
          totalRuns = event.totalRuns;
          if (event.remainingMs !== null) estimate = { remainingMs: event.remainingMs, atMs: event.atMs };
          if (event.record.state === 'failed' || event.record.state === 'timed-out') {
            live.clear();
            printNote(terminal, describeEndedRun(event.run, event.record, event.totalRuns, told));
          }
          break;
        default:
      }
    },
    onSample: (message) => watch.receive(message),
    end: () => {
      clearInterval(timer);
      live.clear();
      live.done();
    },
  };
}
