import type { DifferencesReport, Finding, RuntimeDifferences } from '../../shared/differences.ts';
import {
  describeSetting,
  interpreterTitle,
  runtimeNames,
  workNames,
} from '../../shared/differences-words.ts';
import { escapeMarkup } from '../export/markdown.ts';

type Measured = Extract<RuntimeDifferences, { state: 'measured' }>;

const ways = ['threads', 'processes'] as const;

/**
 * The table for a document or an issue, in GitHub's Markdown: all measured runtimes side by side, the advice of each,
 * and folded up how each cell was measured. Ends with a line feed.
 */
export function differencesToMarkdown(report: DifferencesReport): string {
  const measured = report.runtimes.filter((runtime): runtime is Measured => runtime.state === 'measured');
  const parts = [
    '## Threads and processes, measured',
    ...(measured.length === 0 ? [] : [drawTable(measured)]),
    ...report.runtimes.map(describeRuntime),
    ...measured.map(explainRuntime),
    escapeMarkup(
      `${describeSetting(report)} Corescope ${report.corescopeVersion}, ${report.startedAt.slice(0, 16).replace('T', ' ')} UTC.`,
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

function drawTable(runtimes: readonly Measured[]): string {
  const head = [
    '',
    ...runtimes.flatMap((runtime) => ways.map((way) => `${interpreterTitle(runtime)} ${way}`)),
  ];
  const [first] = runtimes;
  const rows = (first?.rows ?? []).map(({ id, title }) => [
    title,
    ...runtimes.flatMap(({ rows: own }) => {
      const row = own.find((candidate) => candidate.id === id);
      return ways.map((way) => row?.[way].text ?? '');
    }),
  ]);
  return [head.map(escapeMarkup), head.map(() => ':---'), ...rows.map((cells) => cells.map(escapeMarkup))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function describeRuntime(runtime: RuntimeDifferences): string {
  if (runtime.state === 'unavailable') {
    const { message, advice } = runtime.problem;
    return `**${runtimeNames[runtime.runtime]}**: ${escapeMarkup(`${message} ${advice}`)}`;
  }
  const lines = runtime.advice.map(
    ({ work, sentence }) => `- **${workNames[work]}**: ${escapeMarkup(sentence)}`,
  );
  return [`### ${escapeMarkup(interpreterTitle(runtime))}`, lines.join('\n')].join('\n\n').trimEnd();
}

function explainRuntime(runtime: Measured): string {
  const lines = runtime.rows.flatMap(({ title, threads, processes }) => [
    `- **${escapeMarkup(title)}**`,
    explainCell('threads', threads),
    explainCell('processes', processes),
  ]);
  const title = `How it was measured: ${escapeMarkup(interpreterTitle(runtime))}`;
  return `<details><summary>${title}</summary>\n\n${lines.join('\n')}\n\n</details>`;
}

function explainCell(way: string, { text, how }: Finding): string {
  return `  - ${way}, ${escapeMarkup(text)}: ${escapeMarkup(how)}`;
}
