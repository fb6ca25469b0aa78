import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { CpuHistory } from '../../../../../src/renderer/state/cpu-history.svelte.ts';
import { EntityDetails } from '../../../../../src/renderer/state/entity-details.ts';
import { buildProcessTree } from '../../../../../src/renderer/state/process-tree.ts';
import { treeColumns } from '../../../../../src/renderer/state/tree-columns.ts';
import { TreeLines } from '../../../../../src/renderer/state/tree-lines.ts';
import { RowElements, type RowsToDraw } from '../../../../../src/renderer/views/tree/row-elements.ts';
import { drawnFrame } from '../../../../support/drawn-frame.ts';
import { drawnEntities, drawnRows } from '../../../../support/drawn-tree.ts';

const entities = drawnEntities(`
  1 process 10      - run       make
  2 process 11      1 run       cc
  3 thread  11/2001 2 run       lto
  4 process 12      1 run       ld
  5 process 13      1 corescope electron
`);
const workers = [{ index: 0, name: 'worker 1', pid: 11, tid: null, kind: 'process' }] as const;
const frames = [
  drawnRows('1 0.1 40e6 20e6\n2 0.2 60e6 50e6\n3 0.8 ? ?\n4 0.6 10e6 ?'),
  drawnRows('1 0.1 40e6 20e6\n2 0.2 60e6 50e6\n3 0.9 ? ?\n4 0.6 10e6 ?'),
  drawnRows('1 0 40e6 20e6\n4 ? 2e9 1e9'),
];
const trees = frames.map((frame) => buildProcessTree(entities, new EntityDetails(), frame, 'run', workers));

function placed(...ids: readonly string[]): RowsToDraw['placedColumns'] {
  return treeColumns.filter(({ id }) => ids.includes(id)).map((column) => ({ column, rightPx: 0 }));
}

const columnChoices = [placed('cpu', 'pss'), placed('cpu', 'history', 'user', 'rss-total'), placed()];
const histories = new CpuHistory();
histories.add(drawnFrame({ atMs: 0, keys: Float64Array.of(1, 4), cpuMs: Float64Array.of(0, 0) }));
histories.add(drawnFrame({ atMs: 1000, keys: Float64Array.of(1, 4), cpuMs: Float64Array.of(250, 0) }));

interface Choice {
  readonly tree: number;
  readonly columns: number;
  readonly chosenIndex: number;
  readonly showsArguments: boolean;
  readonly first: number;
  readonly closedKeys: readonly number[];
  readonly matches: readonly number[] | null;
}

function toDraw(choice: Partial<Choice>): RowsToDraw {
  const { tree = 0, columns = 0, chosenIndex = -1, showsArguments = false, first = 0 } = choice;
  const shape = trees[tree]?.shape ?? {
    nodes: [],
    rows: new Int32Array(),
    parents: new Int32Array(),
    depths: new Int32Array(),
    sizes: new Int32Array(),
  };
  const lines = new TreeLines(shape, {
    closedKeys: new Set(choice.closedKeys),
    sequence: null,
    matches:
      choice.matches === null || choice.matches === undefined
        ? null
        : Uint8Array.from(shape.nodes, (_, at) => choice.matches?.[at] ?? 0),
  });
  const rows = Array.from({ length: lines.length }, (_, index) => index)
    .slice(first)
    .flatMap((index) => {
      const line = lines.at(index);
      return line === undefined ? [] : [{ index, line, top: index * 25 }];
    });
  return {
    rows,
    placedColumns: columnChoices[columns] ?? [],
    showsArguments,
    chosenIndex,
    gridId: 'grid',
    frameOf: () => trees[tree]?.frame ?? null,
    histories,
  };
}

/** All that a reader, a style sheet or a screen reader finds, in an order of its own. */
function described(element: Element): string {
  const attributes = [...element.attributes]
    .map(
      ({ name, value }) =>
        `${name}=${name === 'class' ? value.split(' ').filter(Boolean).sort().join(' ') : value}`,
    )
    .filter((text) => text !== 'class=' && text !== 'style=')
    .sort();
  const children = [...element.childNodes].map((child) =>
    child instanceof Element ? described(child) : (child.textContent ?? ''),
  );
  return `<${attributes.join('; ')}>${children.join('')}`;
}

const hosts: HTMLElement[] = [];

function newRows(): { readonly host: HTMLElement; readonly rows: RowElements } {
  const host = document.createElement('div');
  document.body.append(host);
  hosts.push(host);
  return { host, rows: new RowElements(host) };
}

afterEach(() => {
  for (const host of hosts.splice(0)) host.remove();
});

function texts(host: Element): string[] {
  return [...host.querySelectorAll('[role="row"]')].map((row) =>
    [...row.children].map((cell) => cell.textContent).join(' | '),
  );
}

describe('the rows of the table', () => {
  it('say what their lines and the frame say', () => {
    const { host, rows } = newRows();
    rows.draw(toDraw({}));
    expect(texts(host)).toEqual([
      '▾make | 10.0 % | 20.0 MB',
      '▾worker 1cc | 20.0 % | 50.0 MB',
      'thread lto | 80.0 % | n/a',
      'ld | 60.0 % | n/a',
    ]);
    const [first, , third] = host.querySelectorAll('[role="row"]');
    expect(first?.id).toBe('grid-0');
    expect(first?.getAttribute('aria-expanded')).toBe('true');
    expect(third?.getAttribute('aria-level')).toBe('3');
    expect(third?.hasAttribute('aria-expanded')).toBe(false);
  });

  it('stand before whatever else is there, and leave when there are fewer', () => {
    const { host, rows } = newRows();
    host.append(document.createElement('svg'));
    rows.draw(toDraw({}));
    expect([...host.children].map(({ tagName }) => tagName)).toEqual(['DIV', 'DIV', 'DIV', 'DIV', 'SVG']);
    rows.draw(toDraw({ tree: 2 }));
    expect(texts(host)).toEqual(['▾make | 0 % | 20.0 MB', 'ld | n/a | 1.00 GB']);
    expect(host.lastElementChild?.tagName).toBe('SVG');
  });

  it('are written only where something has changed, though each of them may be another object', async () => {
    const { host, rows } = newRows();
    rows.draw(toDraw({}));
    const written: string[] = [];
    const observer = new MutationObserver((records) => {
      for (const { type, target } of records) written.push(`${type} ${target.textContent}`);
    });
    observer.observe(host, { attributes: true, characterData: true, childList: true, subtree: true });
    rows.draw(toDraw({}));
    rows.draw(toDraw({ tree: 1 }));
    await new Promise((resolve) => setTimeout(resolve, 0));
    observer.disconnect();
    // The number, and how long the bar beside it is.
    expect(written).toEqual(['characterData 90.0 %', 'attributes ']);
  });

  it('say in words what is drawn over them', () => {
    const { host, rows } = newRows();
    rows.draw(toDraw({ columns: 1 }));
    const drawn = [...host.querySelectorAll('[role="row"]')].map((row) => row.children[3]);
    expect(drawn.map((cell) => cell?.getAttribute('aria-label') ?? cell?.textContent)).toEqual([
      '25.0 % of a core on average',
      'n/a',
      'n/a',
      '0 % of a core on average',
    ]);
  });

  it('tell which of them was hit, and whether it was the arrow', () => {
    const { host, rows } = newRows();
    rows.draw(toDraw({}));
    const hit = (selector: string) => {
      const found = rows.hit(host.querySelectorAll(selector)[1] ?? null);
      return found === null ? null : [found.row.index, found.isArrow];
    };
    expect(hit('.arrow')).toEqual([1, true]);
    expect(hit('.cell')).toEqual([0, false]);
    expect(rows.hit(host)).toBeNull();
  });

  it('are the same whatever was shown in their place before', () => {
    const choice: fc.Arbitrary<Choice> = fc.record({
      tree: fc.nat({ max: 3 }),
      columns: fc.nat({ max: 2 }),
      chosenIndex: fc.integer({ min: -1, max: 4 }),
      showsArguments: fc.boolean(),
      first: fc.nat({ max: 2 }),
      closedKeys: fc.subarray([1, 2]),
      matches: fc.option(fc.array(fc.nat({ max: 1 }), { minLength: 4, maxLength: 4 })),
    });
    fc.assert(
      fc.property(fc.array(choice, { minLength: 2, maxLength: 5 }), (choices) => {
        const reused = newRows();
        for (const each of choices) reused.rows.draw(toDraw(each));
        const fresh = newRows();
        fresh.rows.draw(toDraw(choices.at(-1) ?? {}));
        expect([...reused.host.children].map(described)).toEqual([...fresh.host.children].map(described));
      }),
    );
  });
});
