/** The mean of what is known, each value with a weight; NaN where nothing is. */
export class WeightedMean {
  sum = Number.NaN;
  #weight = 0;

  add(value: number, weight: number): void {
    if (Number.isNaN(value) || weight <= 0) return;
    this.sum = (Number.isNaN(this.sum) ? 0 : this.sum) + value * weight;
    this.#weight += weight;
  }

  get mean(): number {
    return this.sum / this.#weight;
  }
}

/** The larger one; what is not known is smaller than anything. */
export function larger(one: number, other: number): number {
  if (Number.isNaN(one)) return other;
  return other > one ? other : one;
}
