import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntityDetails } from '../../../../src/renderer/state/entity-details.ts';
import { buildProcessTree, type ProcessTree } from '../../../../src/renderer/state/process-tree.ts';
import {
  argumentsText,
  columnOf,
  rowName,
  treeColumnsFor,
} from '../../../../src/renderer/state/tree-columns.ts';
import { linesToCsv, linesToText, type CopiedLine } from '../../../../src/renderer/state/tree-csv.ts';
import { filterWords, matcherOf, parseFilter } from '../../../../src/renderer/state/tree-filter.ts';
import {
  JoinedLines,
  placesOf,
  TreeLines,
  type TreeLine,
} from '../../../../src/renderer/state/tree-lines.ts';
import { heldSequence, TreeSorter, type TreeOrder } from '../../../../src/renderer/state/tree-order.ts';
import type { WorkerInfo } from '../../../../src/shared/experiment-event.ts';
import { drawnEntity } from '../../../support/drawn-frame.ts';
import { drawnEntities, drawnRows } from '../../../support/drawn-tree.ts';

const entities = drawnEntities(`
  1 process 10      - run make
  2 process 11      1 run cc
  3 process 12      1 run ld
  4 process 13      2 run as
  5 thread  12/2001 3 run lto
`);
const workers: WorkerInfo[] = [{ index: 0, name: 'worker 1', pid: 12, tid: 2001, kind: 'thread' }];
const tree = buildProcessTree(
  entities,
  new EntityDetails(),
  drawnRows(`
    1 0.1 40e6  20e6
    2 0.2 60e6  50e6
    3 0.9 2e9   1.5e9
    4 0.6 10e6  ?
    5 0.8 ?     ?
  `),
  'run',
  workers,
);

interface Look {
  readonly closedKeys?: ReadonlySet<number>;
  readonly order?: TreeOrder;
  readonly heldPlaces?: ReadonlyMap<number, number>;
  readonly filter?: string;
}

function linesOf({ shape, frame }: ProcessTree, look: Look = {}): JoinedLines {
  if (frame === null) throw new Error('the drawing has rows');
  const { order, heldPlaces } = look;
  const sorted = order === undefined ? null : new TreeSorter().sequenceOf(shape, frame, order);
  const lines = new TreeLines(shape, {
    closedKeys: look.closedKeys ?? new Set(),
    sequence: heldPlaces === undefined ? sorted : heldSequence(shape, heldPlaces),
    matches: matcherOf(parseFilter(look.filter ?? ''))?.matchesOf(shape, frame) ?? null,
  });
  return new JoinedLines([lines]);
}

function treeLines(of: ProcessTree, look: Look = {}): readonly TreeLine[] {
  return linesOf(of, look).all();
}

function copied(of: ProcessTree, look: Look = {}): CopiedLine[] {
  const { frame } = of;
  if (frame === null) throw new Error('the drawing has rows');
  return treeLines(of, look).map(({ node, depth }) => ({ node, depth, frame }));
}

function column(id: string) {
  const found = columnOf(id);
  if (found === undefined) throw new Error(`no column ${id}`);
  return found;
}

function picture(lines: readonly TreeLine[]): string[] {
  return lines.map(
    ({ node, depth, hasChildren, isOpen, matches }) =>
      `${'  '.repeat(depth)}${hasChildren ? (isOpen ? 'v ' : '> ') : ''}${rowName(node)}${matches ? '' : ' (leads there)'}`,
  );
}

function filtered(text: string): string[] {
  return picture(treeLines(tree, { filter: text }));
}

describe('the lines of the tree', () => {
  it('show parents before children, and nothing below what is closed', () => {
    expect(picture(treeLines(tree))).toEqual(['v make', '  v cc', '    as', '  v ld', '    thread lto']);
    expect(picture(treeLines(tree, { closedKeys: new Set([2]) }))).toEqual([
      'v make',
      '  > cc',
      '  v ld',
      '    thread lto',
    ]);
  });

  it('sort siblings, and keep what is unknown last in either direction', () => {
    const order = (descending: boolean) => ({ column: column('cpu'), descending });
    expect(picture(treeLines(tree, { order: order(true) }))).toEqual([
      'v make',
      '  v ld',
      '    thread lto',
      '  v cc',
      '    as',
    ]);
    const flat = buildProcessTree(
      drawnEntities('1 process 1 - run a\n2 process 2 - run b\n3 process 3 - run c'),
      new EntityDetails(),
      drawnRows('1 ? 0 0\n2 0.1 0 0\n3 0.5 0 0'),
      'run',
      [],
    );
    const names = (descending: boolean): string =>
      picture(treeLines(flat, { order: order(descending) })).join(' ');
    expect([names(true), names(false)]).toEqual(['c b a', 'b c a']);
  });

  it('put the branch on top that leads to the greatest of all', () => {
    const deep = buildProcessTree(
      drawnEntities('1 process 1 - run a\n2 process 2 - run b\n3 process 3 2 run c'),
      new EntityDetails(),
      drawnRows('1 0.5 0 0\n2 0.1 0 0\n3 0.9 0 0'),
      'run',
      [],
    );
    const order = { column: column('cpu'), descending: true };
    expect(picture(treeLines(deep, { order }))).toEqual(['v b', '  c', 'a']);
  });

  it('can hold the places that rows have, whatever their values become', () => {
    const before = linesOf(tree, { order: { column: column('cpu'), descending: true } });
    const held = treeLines(tree, { heldPlaces: placesOf(before) });
    expect(picture(held)).toEqual(picture(before.all()));
  });
});

describe('a sorted tree, sample by sample', () => {
  const size = 60;
  const rows = drawnEntities(
    Array.from({ length: size }, (_, index) => {
      const parent = index < 4 ? '-' : String(1 + (index % 4) * (index % 3));
      return `${index + 1} process ${index + 1} ${parent === '0' ? '1' : parent} run job-${index + 1}`;
    }).join('\n'),
  );
  const share = fc.constantFrom('?', '0', '0.1', '0.2', '0.5', '0.9');
  const sample = fc.array(share, { minLength: size, maxLength: size });
  const frameOf = (shares: readonly string[]) =>
    drawnRows(shares.map((cpu, index) => `${index + 1} ${cpu} 0 0`).join('\n'));
  const { shape } = buildProcessTree(rows, new EntityDetails(), frameOf(Array(size).fill('0')), 'run', []);

  it('is what it would be if it were sorted anew, whatever has changed', () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 2, maxLength: 4 }), fc.boolean(), (samples, descending) => {
        const order = { column: column('cpu'), descending };
        const sorter = new TreeSorter();
        for (const shares of samples) {
          const frame = frameOf(shares);
          expect(sorter.sequenceOf(shape, frame, order)).toEqual(
            new TreeSorter().sequenceOf(shape, frame, order),
          );
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is the very same where no value has changed', () => {
    const order = { column: column('cpu'), descending: true };
    const shares = Array.from({ length: size }, (_, index) => String((index * 7) % 10));
    const sorter = new TreeSorter();
    const first = sorter.sequenceOf(shape, frameOf(shares), order);
    expect(sorter.sequenceOf(shape, frameOf(shares), order)).toBe(first);
    expect(sorter.sequenceOf(shape, frameOf(shares), { ...order, descending: false })).not.toBe(first);
  });
});

describe('the filter', () => {
  it.each<[string, string[]]>([
    ['as', ['v make (leads there)', '  v cc (leads there)', '    as']],
    ['/^ *ld|cc$/', ['v make (leads there)', '  cc', '  ld']],
    ['cpu>50', ['v make (leads there)', '  v cc (leads there)', '    as', '  v ld', '    thread lto']],
    ['mem>1GB', ['v make (leads there)', '  ld']],
    ['mem>=20MB mem<=0.05GB', ['v make', '  cc']],
    ['"worker 1"', ['v make (leads there)', '  v ld (leads there)', '    thread lto']],
    ['pid=13', ['v make (leads there)', '  v cc (leads there)', '    as']],
    ['cpu>50 cc', []],
    ['/usr/bin/ld', ['v make (leads there)', '  ld']],
  ])('%s keeps what matches and what leads there', (text, lines) => {
    expect(filtered(text)).toEqual(lines);
  });

  it('lets nothing pass a comparison whose value is unknown', () => {
    expect(filtered('mem<1TB')).not.toContain('    as');
    expect(filtered('mem>0')).not.toContain('    as');
  });

  it.each([
    ['cpu>lots', '"cpu>lots" needs a number, such as cpu>50.'],
    ['threads>5GB', '"threads>5GB" needs a number, such as threads>8.'],
    ['mem>5parsecs', '"mem>5parsecs" needs a number, such as mem>1GB.'],
    ['luck>7', `"luck" cannot be compared; these can: ${filterWords.join(', ')}.`],
    ['toString>7', `"toString" cannot be compared; these can: ${filterWords.join(', ')}.`],
    ['/(/', '/(/ is not a regular expression.'],
  ])('says what it cannot make of %s', (text, problem) => {
    expect(parseFilter(text).problem).toBe(problem);
  });

  it('reads any amount back as it was written', () => {
    const units = { '': 1, B: 1, kB: 1e3, MB: 1e6, gb: 1e9, T: 1e12 } as const;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.constantFrom('', 'B', 'kB', 'MB', 'gb', 'T'),
        fc.constantFrom('<', '<=', '=', '>=', '>'),
        (amount, unit, operator) => {
          expect(parseFilter(`rss${operator}${amount}${unit}`)).toEqual({
            terms: [{ kind: 'comparison', columnId: 'rss', operator, value: amount * units[unit] }],
            problem: null,
          });
        },
      ),
    );
  });

  it('never fails, whatever is typed, and never shows a line without those above it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const lines = treeLines(tree, { filter: text });
        const shown = new Set(lines.map(({ node }) => node.entity.key));
        for (const { node } of lines) {
          const { parentKey } = node.entity;
          expect(parentKey === null || shown.has(parentKey)).toBe(true);
        }
      }),
    );
  });
});

describe('what a process was started with', () => {
  it.each([
    ['node', '/usr/bin/node -e "f()" busy', '-e "f()" busy'],
    ['a-name-of-fifte', '/opt/a-name-of-fifteen-letters-and-more --x', '--x'],
    ['postgres', 'postgres: checkpointer', 'checkpointer'],
    ['MainThread', 'python3 serve.py', 'python3 serve.py'],
    ['kworker/0:1', '', ''],
    ['sleep', 'sleep', ''],
  ])('stands beside %s without repeating it', (name, commandLine, text) => {
    expect(argumentsText(drawnEntity({ key: 1, pid: 1, name, commandLine }))).toBe(text);
    expect(argumentsText(drawnEntity({ key: 1, pid: 1, name, commandLine, kind: 'thread' }))).toBe('');
  });
});

describe('100 % of CPU', () => {
  const formatted = (wholeCores: number, id: string): string | undefined =>
    treeColumnsFor(wholeCores)
      .find((each) => each.id === id)
      ?.format(2);

  it('is one core, or all of the machine where the user wants that; waiting is told of one core always', () => {
    expect([1, 8].map((cores) => formatted(cores, 'cpu'))).toEqual(['200 %', '25.0 %']);
    expect([1, 8].map((cores) => formatted(cores, 'cpu-total'))).toEqual(['200 %', '25.0 %']);
    expect([1, 8].map((cores) => formatted(cores, 'wait'))).toEqual(['200 %', '200 %']);
  });

  it('is the same for the filter', () => {
    const limits = parseFilter('cpu>50 total>50% wait>50', 8).terms.map((term) =>
      term.kind === 'comparison' ? [term.columnId, term.value] : null,
    );
    expect(limits).toEqual([
      ['cpu', 4],
      ['cpu-total', 4],
      ['wait', 0.5],
    ]);
  });
});

describe('the copy as CSV', () => {
  it('has numbers as measured with their unit, and nothing where nothing is known', () => {
    const lines = copied(tree, { filter: 'as' });
    expect(linesToCsv(lines, [column('pid'), column('cpu'), column('pss')])).toBe(
      [
        'depth,worker,name,command line,PID,CPU (cores),PSS (bytes)',
        '0,,make,/usr/bin/make,10,0.1,20000000',
        '1,,cc,/usr/bin/cc,11,0.2,50000000',
        '2,,as,/usr/bin/as,13,0.6,',
        '',
      ].join('\r\n'),
    );
  });

  it('quotes what would break it and disarms what a spreadsheet would run', () => {
    const odd = drawnEntities('1 process 1 - run x');
    const entity = odd.get(1);
    if (entity === undefined) throw new Error('the drawing has one entity');
    odd.set(1, { ...entity, name: '=1+2', commandLine: 'sh -c "a, b"' });
    const oddTree = buildProcessTree(odd, new EntityDetails(), drawnRows('1 0 0 0'), 'run', []);
    expect(linesToCsv(copied(oddTree), []).split('\r\n')[1]).toBe(`0,,'=1+2,"sh -c ""a, b"""`);
  });
});

describe('the lines as text', () => {
  it('stand in columns as on the screen, and pictures are left out', () => {
    const columns = ['cpu', 'history', 'pss'].map(column);
    expect(linesToText(copied(tree), columns)).toBe(
      [
        'Process                     CPU      PSS',
        'make                     10.0 %  20.0 MB',
        '  cc                     20.0 %  50.0 MB',
        '    as                   60.0 %      n/a',
        '  ld                     90.0 %  1.50 GB',
        '    worker 1 thread lto  80.0 %      n/a',
        '',
      ].join('\n'),
    );
  });
});
