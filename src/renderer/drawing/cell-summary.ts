/** Codes 0 to 250 are 0 to 100 % in steps of 0.4 %; the five above them are states, never loads. */
export const fullCode = 250;
/** The sampler was at work, but this cell has no value. */
export const missingCode = 251;
/** Before the first sample or after the newest: nothing is claimed about this cell. */
export const outsideCode = 252;

export function encodeShare(share: number): number {
  if (Number.isNaN(share)) return missingCode;
  return Math.round(Math.min(1, Math.max(0, share)) * fullCode);
}

/** Reusable result of reducing a stretch of samples: one entry per core. */
export class CellSummary {
  readonly min: Uint8Array;
  readonly max: Uint8Array;
  readonly sum: Float64Array;
  /** Samples that had a value; 0 means that the cell is missing. */
  readonly count: Uint32Array;

  constructor(cores: number) {
    this.min = new Uint8Array(cores);
    this.max = new Uint8Array(cores);
    this.sum = new Float64Array(cores);
    this.count = new Uint32Array(cores);
  }

  clear(): void {
    this.min.fill(fullCode);
    this.max.fill(0);
    this.sum.fill(0);
    this.count.fill(0);
  }

  /** The code to draw for a core. Cores that the store does not have are missing. */
  code(core: number, reduction: 'max' | 'mean'): number {
    const count = this.count[core] ?? 0;
    if (count === 0) return missingCode;
    if (reduction === 'max') return this.max[core] ?? missingCode;
    return Math.round((this.sum[core] ?? 0) / count);
  }
}
