import type { Experiment, RunRecord } from '../../shared/experiment.ts';
import { formatBytes, formatCores, formatCpuSeconds, formatDuration } from '../../shared/format.ts';
import { strategyName } from '../analysis/runs.ts';
import { markup, type Markup } from './markup.ts';

/** Every run in the order in which they were started, counted or not. */
export function runsTable({ strategies }: Experiment): Markup {
  const runs = strategies
    .flatMap((result) => result.runs.map((run) => ({ name: strategyName(result), run })))
    .sort((left, right) => left.run.order - right.run.order);
  return markup`<div class="scroll"><table class="runs">
<thead><tr><th scope="col">Run</th><th scope="col">Block</th><th scope="col">Strategy</th><th scope="col">Wall time</th><th scope="col">Start-up</th><th scope="col">CPU time</th><th scope="col">Cores</th><th scope="col">Peak PSS</th><th scope="col">Peak RSS sum</th></tr></thead>
<tbody>${runs.map(({ name, run }) => runRow(name, run))}
</tbody></table></div>`;
}

function runRow(name: string, run: RunRecord): Markup {
  const isCounted = run.state === 'finished' && !run.warmUp;
  return markup`
<tr class="${isCounted ? 'counted' : 'uncounted'}"><td>${run.order}</td><td>${run.warmUp ? 'warm-up' : run.block}</td><td>${name}</td>${figures(run)}</tr>`;
}

function figures(run: RunRecord): Markup {
  switch (run.state) {
    case 'finished':
      return markup`<td>${formatDuration(run.wallMs)}</td><td>${formatDuration(run.startupMs)}</td><td>${formatCpuSeconds(run.cpuSeconds)}</td><td>${formatCores(run.effectiveCores)}</td><td>${formatBytes(run.peakPssBytes)}</td><td>${formatBytes(run.peakRssBytes)}</td>`;
    case 'failed':
      return markup`<td class="words" colspan="6">failed: ${run.problem.message} ${run.problem.advice}</td>`;
    case 'timed-out':
      return markup`<td class="words" colspan="6">ended after ${formatDuration(run.afterMs)}</td>`;
    case 'cancelled':
      return markup`<td class="words" colspan="6">cancelled</td>`;
  }
}
