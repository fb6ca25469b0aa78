import type { CatalogueRuntime, StrategyId } from '../../src/shared/workload.ts';

/** Work that both sides do, cut into pieces of one size. */
export interface RunnerCase {
  readonly name: string;
  readonly runtime: CatalogueRuntime;
  readonly strategy: Extract<StrategyId, 'serial' | 'threads' | 'processes'>;
  readonly workers: number;
  readonly tasks: number;
  readonly n: number;
  readonly rounds: number;
}

/**
 * Pieces from a fifth of a second down to what a plan can have most of. One count costs about 0.7 ns in Node and 35 ns
 * in Python; the smallest pieces take a microsecond or a few.
 */
const sizes: Readonly<
  Record<
    CatalogueRuntime,
    readonly (Pick<RunnerCase, 'tasks' | 'n' | 'rounds'> & { readonly name: string })[]
  >
> = {
  node: [
    { name: '2 × 200 ms', tasks: 2, n: 10_000_000, rounds: 28 },
    { name: '200 × 2 ms', tasks: 200, n: 2_800_000, rounds: 1 },
    { name: '10 000 × 1 µs', tasks: 10_000, n: 1_400, rounds: 1 },
  ],
  python: [
    { name: '2 × 200 ms', tasks: 2, n: 6_000_000, rounds: 1 },
    { name: '200 × 2 ms', tasks: 200, n: 60_000, rounds: 1 },
    { name: '10 000 × 4 µs', tasks: 10_000, n: 100, rounds: 1 },
  ],
};

export const cases: readonly RunnerCase[] = (['node', 'python'] as const).flatMap((runtime) =>
  (['serial', 'threads', 'processes'] as const).flatMap((strategy) =>
    sizes[runtime].map(({ name, ...size }) => ({
      name: `${runtime} ${strategy} ${name}`,
      runtime,
      strategy,
      workers: strategy === 'serial' ? 1 : 2,
      ...size,
    })),
  ),
);

/** The article's `heavy_calculation(n)`, two at once. */
export const headline = { workers: 2, tasks: 2, n: 10_000_000, rounds: 1 } as const;
