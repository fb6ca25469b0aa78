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
