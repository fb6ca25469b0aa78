import { createHash } from 'node:crypto';
import type { Verdict } from '../../shared/experiment-analysis.ts';
import type { Experiment, StrategyResult } from '../../shared/experiment.ts';
import {
  formatBytes,
  formatCores,
  formatCpuSeconds,
  formatDuration,
  formatFactor,
  formatInterval,
} from '../../shared/format.ts';
import { strategyName } from '../analysis/runs.ts';
import type { RunTrace } from '../analysis/trace.ts';
import { describeWork, holdsFor, interpreterName, isRecommended } from './describe.ts';
import { markup, trustedMarkup, type Markup } from './markup.ts';
import { wallTimeChart } from './report-chart.ts';
import { coreHeatmaps } from './report-heatmap.ts';
import { environmentList, limitsList, methodText } from './report-method.ts';
import { runsTable } from './report-runs.ts';
import { matrixSection } from './report-matrix.ts';
import { reportStyle } from './report-style.ts';
import { reproduceCommand } from './reproduce.ts';
import { nameWork } from './work-name.ts';

/**
 * The experiment as one self-contained HTML document: no script, no network, nothing outside the file, which its
 * content security policy also forbids. `traces` are the sampled runs; those of runs that the experiment does not
 * name are ignored. The same experiment and traces give the same document.
 */
export function experimentToHtml(experiment: Experiment, traces: readonly RunTrace[]): string {
  const { verdict, workload } = experiment;
  const heatmaps = coreHeatmaps(experiment.strategies, traces);
  const title = `${nameWork(workload)} on ${interpreterName(experiment)}: threads or processes?`;
  const document = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Corescope ${experiment.corescopeVersion}">
<title>${title}</title>
<style>${trustedMarkup(reportStyle)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${describeWork(experiment)}. Measured ${describeDate(experiment.startedAt)} on ${experiment.machine.cpuModel}.</p>
</header>
<main>
<section class="verdict ${verdict.state}" aria-label="Verdict">
<div class="state">${stateTitles[verdict.state]}</div>
<p>${verdict.sentence}</p>
${verdict.wouldChange === '' ? null : markup`<p class="note">${verdict.wouldChange} ${holdsFor}</p>`}
</section>
<section>
<h2>Results</h2>
${resultTable(experiment)}
${matrixSection(experiment)}
${hasTimes(experiment) ? markup`<h2>Wall time of every run</h2>${wallTimeChart(experiment)}${chartNote}` : null}
</section>
${
  heatmaps === null
    ? null
    : markup`<section>
<h2>What the cores did</h2>
<p>The median run of each strategy, all on one scale of time. The whole machine is shown: work of other programs is in it.</p>
${heatmaps}
</section>`
}
${
  verdict.evidence.length === 0
    ? null
    : markup`<section>
<h2>Evidence</h2>
<ul>${verdict.evidence.map((line) => markup`<li>${line}</li>`)}</ul>
</section>`
}
<section>
<h2>How it was measured</h2>
${methodText(experiment)}
</section>
<section>
<h2>Environment</h2>
${environmentList(experiment)}
</section>
<section>
<h2>What this does not say</h2>
${limitsList(experiment)}
</section>
<section>
<h2>Run it again</h2>
<pre>${reproduceCommand(experiment)}</pre>
</section>
<section>
<h2>All runs</h2>
${runsTable(experiment)}
</section>
</main>
<footer>Corescope ${experiment.corescopeVersion}, ${experiment.schema}</footer>
</body>
</html>
`;
  return document.text;
}

/** Nothing may load or run; the one style sheet is named by its hash. */
const contentPolicy = [
  "default-src 'none'",
  'img-src data:',
  `style-src 'sha256-${createHash('sha256').update(reportStyle).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const stateTitles: Readonly<Record<Verdict['state'], string>> = {
  winner: 'Verdict',
  'no-difference': 'No detectable difference',
  'not-compared': 'Not compared',
  failed: 'No verdict',
};

const chartNote = markup`<p class="note">Bar: median. Bracket: its 95 % interval. Dots: single runs, the earliest at the top; hollow dots are warm-ups and do not count.</p>`;

function resultTable(experiment: Experiment): Markup {
  const { strategies } = experiment;
  return markup`<div class="scroll"><table>
<thead><tr><th scope="col">Strategy</th><th scope="col">Wall time<small>95 % interval</small></th><th scope="col">Speed-up<small>95 % interval</small></th><th scope="col">Cores<small>kept busy</small></th><th scope="col">Start-up</th><th scope="col">Peak memory<small>PSS <s>RSS sum</s></small></th><th scope="col">CPU time</th></tr></thead>
<tbody>${strategies.map(
    (result) => markup`
<tr${isRecommended(result, experiment) ? winnerClass : null}><th scope="row">${strategyName(result)}</th><td>${formatDuration(result.wallMs?.median)}<small>${formatInterval(result.wallMs, formatDuration)}</small></td><td>${formatFactor(result.speedup?.median)}<small>${speedupInterval(result)}</small></td><td>${formatCores(result.effectiveCores)}</td><td>${formatDuration(result.startupMs)}</td><td>${formatBytes(result.peakPssBytes)}<small>${naiveSum(result)}</small></td><td>${formatCpuSeconds(result.cpuSeconds)}</td></tr>`,
  )}
</tbody></table></div>
<p class="note">All figures are medians of the counted runs. Speed-up is the wall time of serial divided by this one, paired by block. PSS divides shared pages among those who share them; the sum of RSS counts them once per process and is struck through for that reason.</p>`;
}

const winnerClass = trustedMarkup(' class="winner"');

function speedupInterval(result: StrategyResult): string {
  return result.strategy === 'serial' && result.speedup !== null
    ? 'by definition'
    : formatInterval(result.speedup, formatFactor);
}

function naiveSum(result: StrategyResult): Markup {
  return result.peakRssBytes === null
    ? markup`n/a`
    : markup`<s title="Shared pages are counted more than once in this sum">${formatBytes(result.peakRssBytes)}</s>`;
}

function hasTimes({ strategies }: Experiment): boolean {
  return strategies.some((result) => result.runs.some((run) => run.state === 'finished'));
}

function describeDate(startedAt: string): string {
  return `${startedAt.slice(0, 10)} at ${startedAt.slice(11, 16)} UTC`;
}
