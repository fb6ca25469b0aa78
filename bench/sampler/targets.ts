/** What ours may cost as a share of each peer, by cell: the aim, which `--check` does not enforce. */
const targets: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  '10 Hz, 50 processes': { pidusage: 1 / 8, psutil: 1 / 6, top: 1 / 8, systeminformation: 1 / 50 },
  '10 Hz, 200 processes': { pidusage: 1 / 10, psutil: 1 / 12 },
  '10 Hz, 1000 processes': { pidusage: 1 / 15, psutil: 1 / 25, 'psrecord-style': 1 / 60 },
};

/** NaN where nothing was set. */
export function targetRatio(cell: string, peer: string): number {
  return targets[cell]?.[peer] ?? Number.NaN;
}

/** One line of the table of aims. */
export interface TargetVerdict {
  readonly cell: string;
  readonly peer: string;
  readonly target: number;
  readonly ratio: number;
  readonly verdict: 'met' | 'missed' | 'not measured';
}

/** Every aim for the cells that were measured, in the order in which they were set. */
export function judgeTargets(
  measured: readonly { readonly cell: string; readonly peer: string; readonly ratio: number }[],
): TargetVerdict[] {
  const cells = new Set(measured.map(({ cell }) => cell));
  return Object.entries(targets)
    .filter(([cell]) => cells.has(cell))
    .flatMap(([cell, peers]) =>
      Object.entries(peers).map(([peer, target]) => {
        const ratio =
          measured.find((entry) => entry.cell === cell && entry.peer === peer)?.ratio ?? Number.NaN;
        const verdict = Number.isNaN(ratio) ? 'not measured' : ratio <= target ? 'met' : 'missed';
        return { cell, peer, target, ratio, verdict };
      }),
    );
}
