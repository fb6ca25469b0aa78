import type { Experiment } from '../../shared/experiment.ts';
import { formatBytes, formatDuration, notAvailable } from '../../shared/format.ts';
import { strategyName } from '../analysis/runs.ts';
import { bootstrapResamples } from '../analysis/statistics.ts';
import { interpreterName } from './describe.ts';
import { markup, type Markup } from './markup.ts';

/** How the figures came about, in enough detail to do it again by hand. */
export function methodText({ plan, sampling, strategies }: Experiment): Markup {
  const blocks = `${plan.blocks} ${plan.blocks === 1 ? 'block' : 'blocks'}`;
  const warmUp =
    plan.warmUpBlocks === 0
      ? 'There was no warm-up.'
      : `${plan.warmUpBlocks === 1 ? 'One more block' : `${plan.warmUpBlocks} more blocks`} came first as a warm-up, not counted.`;
  return markup`<ul>
<li>The same work was run as ${strategies.map(strategyName).join(', ')}: ${blocks}, each with one run of every strategy in an order shuffled anew (seed ${plan.seed}), so that heat and neighbours fall on all alike. ${warmUp} A run was allowed ${formatDuration(plan.timeoutMs)}.</li>
<li>Every run had a process of its own. Wall time is from asking for the first worker until the last one was joined; start-up from the same moment until the last worker was ready. CPU time is what the kernel counted for the run's processes in that interval, and cores kept busy is CPU time divided by wall time.</li>
<li>Every strategy's result was compared by checksum.</li>
<li>Intervals: median × exp(± c(n) · s), where s is the bootstrap standard error of the median of the logarithms (${bootstrapResamples} resamples, seed ${plan.seed}) and c(n) is calibrated for the n values (2.30 for 5, 2.27 for 10, 2.20 for 20). Ratios are paired by block. In simulations with 3 to 20 blocks and five kinds of noise this held the true median in 93.8 to 97.7 %. A winner is named only where the interval of its ratio to every other strategy lies above 1.</li>
<li>Memory and core loads were sampled every ${formatDuration(sampling.requestedEveryMs)} (achieved: ${formatDuration(sampling.achievedEveryMs)}; ${sampling.missedTicks} ticks missed). Peaks between two samples are not seen. The sampler itself used ${share(sampling.ownCpuShare)} and ${formatBytes(sampling.ownRssBytes)} of memory; neither is in the figures above.</li>
</ul>`;
}

export function environmentList(experiment: Experiment): Markup {
  const { machine, durationMs, startedAt } = experiment;
  const cores =
    machine.physicalCores === null
      ? `${machine.logicalCores} logical cores`
      : `${machine.logicalCores} logical cores on ${machine.physicalCores} physical`;
  const entries: readonly (readonly [string, string])[] = [
    ['Processor', `${machine.cpuModel} (${machine.arch}), ${cores}`],
    ['Memory', formatBytes(machine.memoryBytes)],
    ['System', `${machine.os}, kernel ${machine.kernel}`],
    ['Virtualization', machine.virtualization ?? 'none was found'],
    ['Interpreter', describeInterpreter(experiment)],
    ['Started', `${startedAt}, took ${formatDuration(durationMs)}`],
  ];
  return markup`<dl>${entries.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** What a reader might conclude and should not. */
export function limitsList({ machine, interpreter, workload }: Experiment): Markup {
  return markup`<ul>
<li>It holds for this machine, this input and this interpreter. Another number of cores, tasks or workers can turn it round.</li>
<li>The kernel counts CPU time in steps (10 ms on most Linux systems): the load of a single short sample is coarse, the averages over a run are not.</li>
<li>Strategies that could not be told apart may still differ by less than the interval is wide. More blocks make it narrower.</li>
${machine.virtualization === null ? null : markup`<li>The machine is virtual (${machine.virtualization}): other guests of its host can slow down any run, and that is not visible from inside.</li>`}
${interpreter?.gilEnabled === true ? markup`<li>The work of ${workload.id} runs in the interpreter. Libraries that release its lock while they compute, as many numeric ones do, can use several cores from threads.</li>` : null}
</ul>`;
}

function describeInterpreter(experiment: Experiment): string {
  const { interpreter } = experiment;
  if (interpreter === null) return 'unknown: no run got far enough to say';
  const lock =
    interpreter.gilEnabled === null
      ? ''
      : `, global interpreter lock ${interpreter.gilEnabled ? 'on' : 'off'} while the work ran`;
  return `${interpreterName(experiment)}${lock}; ${interpreter.executable}`;
}

function share(cores: number | null): string {
  return cores === null ? `${notAvailable} of a core` : `${(cores * 100).toFixed(1)} % of one core`;
}
