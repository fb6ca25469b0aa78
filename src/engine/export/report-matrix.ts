import type { Estimate } from '../../shared/experiment-analysis.ts';
import type { Experiment, StrategyResult } from '../../shared/experiment.ts';
import { formatDuration, formatFactor, formatInterval, notAvailable } from '../../shared/format.ts';
import { strategyName } from '../analysis/runs.ts';
import { describeFit } from './describe.ts';
import { markup, trustedMarkup, type Markup } from './markup.ts';

/** What was found out about every field of the matrix; null for documents of versions that did not look. */
export function matrixSection(experiment: Experiment): Markup | null {
  const { strategies, scaling, controlPair, readiness, plan } = experiment;
  if (strategies.every(({ analysis }) => analysis === null)) return null;
  return markup`<h2>Every strategy in detail</h2>
<div class="scroll"><table>
<thead><tr><th scope="col">Strategy</th><th scope="col">To the fastest<small>95 % interval</small></th><th scope="col">Efficiency<small>speed-up / workers</small></th><th scope="col">Serial fraction<small>Karp and Flatt</small></th><th scope="col">Shift<small>to serial</small></th><th scope="col">p<small>adjusted</small></th><th scope="col">Odd blocks</th></tr></thead>${strategies.map(detailRow)}
</table></div>
<p class="note">A diamond marks what no other one beats in time, memory and isolation (the Pareto front). The shift is Hodges and Lehmann's, p is that of Mann and Whitney's test against serial, adjusted over the matrix after Benjamini and Hochberg. Odd blocks are outliers by the modified z-score; they count all the same.</p>
${plan.workerCounts.length < 2 ? null : markup`<h2>How it scales</h2><ul>${scaling.map((strategy) => markup`<li>${strategy.strategy}: ${describeFit(strategy)}</li>`)}</ul>`}
${controlPair === null ? null : markup`<p class="note">Noise floor: ${strategyName(controlPair)} was run twice in every block. ${describeNoise(controlPair)}</p>`}
${readiness.length === 0 ? null : markup`<h2>Before it began</h2><ul>${readiness.map(({ message, advice }) => markup`<li>${message} ${advice}</li>`)}</ul>`}`;
}

function detailRow(result: StrategyResult): Markup {
  const { analysis } = result;
  const name = `${strategyName(result)}${analysis?.isOnParetoFront === true ? ' ◆' : ''}`;
  if (analysis === null)
    return markup`
<tbody><tr><th scope="row">${name}</th><td class="words" colspan="6">no run finished</td></tr></tbody>`;
  const { shiftMs, test, cause, outlierBlocks } = analysis;
  const why = cause === null ? null : cause.because === '' ? 'unclear' : cause.because;
  return markup`
<tbody><tr${why === null ? null : explainedClass}><th scope="row">${name}</th>${estimateCell(analysis.ratioToFastest, formatFactor)}${estimateCell(analysis.efficiency, percent)}${estimateCell(analysis.serialFraction, (value) => (value ?? Number.NaN).toFixed(2))}<td>${shiftMs === null ? notAvailable : signed(shiftMs.shift)}<small>${shiftMs === null ? '' : `${signed(shiftMs.low)} to ${signed(shiftMs.high)}`}</small></td><td>${test === null ? notAvailable : test.p.toPrecision(2)}<small>${test === null ? '' : test.adjustedP.toPrecision(2)}</small></td><td>${outlierBlocks.length === 0 ? 'none' : outlierBlocks.join(', ')}</td></tr>${why === null ? null : markup`<tr><td class="words why" colspan="7">Why: ${why}</td></tr>`}</tbody>`;
}

/** The row below says why, over the table's whole width: a sentence in a column would be a word wide. */
const explainedClass = trustedMarkup(' class="explained"');

function estimateCell(
  estimate: Estimate | null,
  formatter: (value: number | null | undefined) => string,
): Markup {
  return estimate === null
    ? markup`<td>${notAvailable}</td>`
    : markup`<td>${formatter(estimate.median)}<small>${formatInterval(estimate, formatter)}</small></td>`;
}

function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? notAvailable : `${Math.round(value * 100)} %`;
}

function signed(milliseconds: number): string {
  return `${milliseconds < 0 ? '−' : '+'}${formatDuration(Math.abs(milliseconds))}`;
}

function describeNoise({ ratio, noiseRatio, isBiased }: NonNullable<Experiment['controlPair']>): string {
  if (ratio === null || noiseRatio === null) return 'Too few of those runs finished to tell what noise does.';
  const bias = isBiased
    ? ' The interval leaves 1 out, though it is the same: something disturbs by place in the block.'
    : '';
  return (
    `The second run took ${formatFactor(ratio.median)} the time of the first (95 % interval ` +
    `${formatInterval(ratio, formatFactor)}): differences up to ${formatFactor(noiseRatio)} are not believed.${bias}`
  );
}
