import { decimalByteUnits } from '../../shared/byte-units.ts';
import type { SampleFrame } from '../../shared/sample.ts';
import type { TreeNode, TreeShape } from './process-tree.ts';
import { columnOf, rowName, type TreeColumn } from './tree-columns.ts';

/** What a filter's text means: every term must hold. */
export type FilterTerm =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'pattern'; readonly pattern: RegExp }
  | {
      readonly kind: 'comparison';
      readonly columnId: string;
      readonly operator: Operator;
      /** In the column's own unit. */
      readonly value: number;
    };

export type Operator = '<' | '<=' | '=' | '>=' | '>';

export interface ParsedFilter {
  readonly terms: readonly FilterTerm[];
  /** What could not be understood, in words; null where all was. */
  readonly problem: string | null;
}

type QuantityUnit = 'cpu' | 'percent' | 'bytes' | 'count';

/** Words before an operator, and what they are measured in. */
const quantities: Readonly<Record<string, { readonly columnId: string; readonly unit: QuantityUnit }>> = {
  cpu: { columnId: 'cpu', unit: 'cpu' },
  total: { columnId: 'cpu-total', unit: 'cpu' },
  wait: { columnId: 'wait', unit: 'percent' },
  mem: { columnId: 'pss', unit: 'bytes' },
  pss: { columnId: 'pss', unit: 'bytes' },
  rss: { columnId: 'rss', unit: 'bytes' },
  uss: { columnId: 'uss', unit: 'bytes' },
  swap: { columnId: 'swap', unit: 'bytes' },
  threads: { columnId: 'threads', unit: 'count' },
  switches: { columnId: 'switches', unit: 'count' },
  files: { columnId: 'open-files', unit: 'count' },
  core: { columnId: 'last-core', unit: 'count' },
  pid: { columnId: 'pid', unit: 'count' },
};

export const filterWords: readonly string[] = Object.keys(quantities);

const comparisonPattern = /^([a-z]+)(<=|>=|<|>|=)(.*)$/i;
const amountPattern = /^(\d+(?:\.\d*)?|\.\d+)\s*([a-z%]*)$/i;

/**
 * Terms are separated by spaces: words and /patterns/ are looked for in name, command line, worker, user and pid;
 * `cpu>50` compares (per cent of one core, or of `wholeCores` cores), `wait>50` always of one, `mem>1GB` in units of
 * 1000. Text in quotes keeps its spaces.
 */
export function parseFilter(text: string, wholeCores = 1): ParsedFilter {
  const terms: FilterTerm[] = [];
  let problem: string | null = null;
  for (const [, quoted, pattern, word] of text.matchAll(/"([^"]*)"?|\/((?:\\.|[^/])+)\/(?=\s|$)|(\S+)/g)) {
    if (pattern !== undefined) {
      try {
        terms.push({ kind: 'pattern', pattern: new RegExp(pattern, 'i') });
      } catch {
        problem = `/${pattern}/ is not a regular expression.`;
      }
      continue;
    }
    const comparison = comparisonPattern.exec(word ?? '');
    if (comparison !== null) {
      const parsed = parseComparison(comparison, wholeCores);
      if (typeof parsed === 'string') problem = parsed;
      else terms.push(parsed);
      continue;
    }
    const plain = (quoted ?? word ?? '').toLowerCase();
    if (plain !== '') terms.push({ kind: 'text', text: plain });
  }
  return { terms, problem };
}

function parseComparison(match: RegExpExecArray, wholeCores: number): FilterTerm | string {
  const [whole, word = '', operator = '', amount = ''] = match;
  const quantity = Object.hasOwn(quantities, word.toLowerCase()) ? quantities[word.toLowerCase()] : undefined;
  if (quantity === undefined) {
    return `"${word}" cannot be compared; these can: ${filterWords.join(', ')}.`;
  }
  const parts = amountPattern.exec(amount);
  const example = { cpu: 'cpu>50', percent: 'wait>50', bytes: 'mem>1GB', count: 'threads>8' }[quantity.unit];
  const value =
    parts === null ? Number.NaN : amountOf(Number(parts[1]), parts[2] ?? '', quantity.unit, wholeCores);
  if (!isOperator(operator) || Number.isNaN(value)) return `"${whole}" needs a number, such as ${example}.`;
  return { kind: 'comparison', columnId: quantity.columnId, operator, value };
}

function amountOf(amount: number, suffix: string, unit: QuantityUnit, wholeCores: number): number {
  if (unit === 'cpu' || unit === 'percent') {
    const share = unit === 'cpu' ? (amount / 100) * wholeCores : amount / 100;
    return suffix === '' || suffix === '%' ? share : Number.NaN;
  }
  if (unit === 'count') return suffix === '' ? amount : Number.NaN;
  return amount * (decimalByteUnits[suffix.toLowerCase()] ?? Number.NaN);
}

function isOperator(text: string): text is Operator {
  return text in comparisons;
}

const comparisons: Readonly<Record<Operator, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '=': (value, limit) => value === limit,
  '>=': (value, limit) => value >= limit,
  '>': (value, limit) => value > limit,
};

/** What a filter lets through of a tree. */
export interface TreeMatcher {
  /** Whether rows are compared by their numbers, which are others in every frame. */
  readonly readsNumbers: boolean;
  /** By place, 1 for what is let through. */
  readonly matchesOf: (shape: TreeShape, frame: SampleFrame) => Uint8Array;
}

type TreeTest = (shape: TreeShape, frame: SampleFrame) => (place: number) => boolean;

/** Null where the filter lets everything through. What is unknown satisfies no comparison. */
export function matcherOf({ terms }: ParsedFilter): TreeMatcher | null {
  if (terms.length === 0) return null;
  const tests = terms.map(testOf);
  return {
    readsNumbers: terms.some(({ kind }) => kind === 'comparison'),
    matchesOf: (shape, frame) => {
      const matches = new Uint8Array(shape.nodes.length).fill(1);
      for (const test of tests) {
        const passes = test(shape, frame);
        for (let place = 0; place < matches.length; place += 1) {
          if (matches[place] === 1 && !passes(place)) matches[place] = 0;
        }
      }
      return matches;
    },
  };
}

function testOf(term: FilterTerm): TreeTest {
  switch (term.kind) {
    case 'text':
      return (shape) => {
        const { lowerCase } = searchedTextsOf(shape);
        return (place) => lowerCase[place]?.includes(term.text) === true;
      };
    case 'pattern':
      return (shape) => {
        const { texts } = searchedTextsOf(shape);
        return (place) => term.pattern.test(texts[place] ?? '');
      };
    case 'comparison':
      return comparisonTest(term, columnOf(term.columnId));
  }
}

function comparisonTest(
  { columnId, operator, value: limit }: Extract<FilterTerm, { kind: 'comparison' }>,
  column: TreeColumn | undefined,
): TreeTest {
  if (column === undefined) throw new Error(`the filter names the column ${columnId}, which there is not`);
  const compare = comparisons[operator];
  return ({ nodes }, frame) =>
    (place) => {
      const node = nodes[place];
      const value = node === undefined ? Number.NaN : column.value(node, frame);
      return typeof value === 'number' && compare(value, limit);
    };
}

interface SearchedTexts {
  readonly texts: readonly string[];
  readonly lowerCase: readonly string[];
}

/** Each letter that is typed looks through the texts of all rows, and putting 5 000 together takes longer than that. */
const searchedTexts = new WeakMap<TreeShape, SearchedTexts>();

function searchedTextsOf(shape: TreeShape): SearchedTexts {
  const known = searchedTexts.get(shape);
  if (known !== undefined) return known;
  const texts = shape.nodes.map(searchedText);
  const found = { texts, lowerCase: texts.map((text) => text.toLowerCase()) };
  searchedTexts.set(shape, found);
  return found;
}

/** Of a process its command line; a thread is found by its own name and worker only. */
function searchedText(node: TreeNode): string {
  const { entity, workerName } = node;
  const commandLine = entity.kind === 'process' ? entity.commandLine : '';
  const user = entity.kind === 'process' ? (entity.user ?? '') : '';
  return `${workerName ?? ''} ${rowName(node)} ${entity.tid ?? entity.pid} ${user} ${commandLine}`;
}
