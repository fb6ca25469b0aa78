import type { Experiment, StrategyResult } from '../../shared/experiment.ts';
import {
  asSentence,
  formatBytes,
  formatCores,
  formatCpuSeconds,
  formatDuration,
  formatFactor,
  formatInterval,
} from '../../shared/format.ts';
import type { BaselineFinding } from '../analysis/baseline.ts';
import { formatBudget, type BudgetFinding } from '../analysis/budget.ts';
import { strategyName } from '../analysis/runs.ts';
import { describeWork, interpreterName, isRecommended } from './describe.ts';
import { reproduceCommand } from './reproduce.ts';
import { nameWork } from './work-name.ts';

/** What a gate found; empty lists where none was asked for. */
export interface GateFindings {
  readonly budgets: readonly BudgetFinding[];
  readonly baseline: readonly BaselineFinding[];
}

/**
 * The experiment for a pull request or an issue, in GitHub's Markdown: verdict, what the gate found, table, and the
 * rest folded away. Text that comes from outside is escaped, so that none of it becomes markup. Ends with a line feed.
 */
export function experimentToMarkdown(
  experiment: Experiment,
  gate: GateFindings = { budgets: [], baseline: [] },
): string {
  const { verdict, machine, plan } = experiment;
  const mark = { winner: '🏁', 'no-difference': '🤝', 'not-compared': '⏱️', failed: '❌' }[verdict.state];
  const setting = [
    `${describeWork(experiment)} in ${interpreterName(experiment)}`,
    `${plan.blocks} blocks, seed ${plan.seed}`,
    `${machine.cpuModel}, ${machine.logicalCores} logical cores, ${machine.os}`,
    `Corescope ${experiment.corescopeVersion}, ${experiment.startedAt}`,
  ];
  const sections = [
    `### ${mark} ${escapeMarkup(nameWork(experiment.workload))}: threads or processes?`,
    escapeMarkup(verdict.sentence),
    gateSection(gate),
    resultTable(experiment),
    folded('Evidence', verdict.evidence.map((line) => `- ${escapeMarkup(line)}`).join('\n')),
    folded(
      'How it was measured',
      `${setting.map((line) => `- ${escapeMarkup(line)}`).join('\n')}\n\n${codeBlock(reproduceCommand(experiment))}`,
    ),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function gateSection({ budgets, baseline }: GateFindings): string {
  const told = baseline.filter(({ state }) => state !== 'same');
  const lines = [
    ...budgets.map(
      ({ budget, state, sentence }) =>
        `- ${state === 'kept' ? '✅' : '❌'} \`${formatBudget(budget)}\`: ${escapeMarkup(sentence)}`,
    ),
    ...told.map(({ state, sentence }) => `- ${baselineMarks[state]} ${escapeMarkup(sentence)}`),
    ...(baseline.length > 0 && told.length === 0 ? ['- ✅ No change against the baseline.'] : []),
  ];
  return lines.join('\n');
}

const baselineMarks: Readonly<Record<BaselineFinding['state'], string>> = {
  regression: '❌',
  improvement: '✅',
  same: '✅',
  undecidable: '⚠️',
};

function resultTable(experiment: Experiment): string {
  const head = ['', 'wall', 'speed-up', '95 % interval', 'cores', 'start-up', 'memory', 'CPU'];
  const rows = experiment.strategies.map((result) => {
    const cells = [asSentence(strategyName(result)), ...cellsOf(result)].map(escapeMarkup);
    return isRecommended(result, experiment) ? cells.map((cell) => `**${cell}**`) : cells;
  });
  return [head, head.map((_, column) => (column === 0 ? ':---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function cellsOf(result: StrategyResult): string[] {
  const isSerial = result.strategy === 'serial' && result.speedup !== null;
  return [
    formatDuration(result.wallMs?.median),
    formatFactor(result.speedup?.median),
    isSerial ? 'by definition' : formatInterval(result.speedup, formatFactor),
    formatCores(result.effectiveCores),
    formatDuration(result.startupMs),
    result.peakPssBytes === null && result.peakRssBytes !== null
      ? `${formatBytes(result.peakRssBytes)} RSS`
      : formatBytes(result.peakPssBytes),
    formatCpuSeconds(result.cpuSeconds),
  ];
}

function folded(title: string, body: string): string {
  return body === '' ? '' : `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** A fence that is longer than any run of backticks inside. */
function codeBlock(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${text}\n${fence}`;
}

/** On one line, with every character that Markdown or HTML could take for markup escaped. `@` would call people. */
export function escapeMarkup(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .replace(/\p{Cc}/gu, '?')
    .replace(/[\\`*_{}[\]<>#|~]/gu, String.raw`\$&`)
    .replaceAll('@', '@\u200B');
}
