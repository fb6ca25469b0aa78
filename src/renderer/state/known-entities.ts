import type { EntityInfo } from '../../shared/sample.ts';
import type { RowHistory } from './live-rows.ts';

/** Forgotten from the oldest on where rows of so many that have ended are kept. */
const mostPast = 20_000;
/**
 * After so many more have ended, those are forgotten that no kept row is of. Smaller: the rows are looked through more
 * often, 400 000 numbers at most. Larger: more names, and command lines of some kB, in vain.
 */
const lookEvery = 1_000;

/**
 * What is there, and of what has ended whatever a range of the past can still show: without that, a day of short
 * processes would be kept by name long after their rows were thinned out.
 */
export class KnownEntities {
  readonly #rows: Pick<RowHistory, 'keys'>;
  /** In the order in which they were first seen. */
  readonly #byKey = new Map<number, EntityInfo>();
  readonly #endedKeys = new Set<number>();
  #lookAt = lookEvery;

  constructor(rows: Pick<RowHistory, 'keys'>) {
    this.#rows = rows;
  }

  get byKey(): ReadonlyMap<number, EntityInfo> {
    return this.#byKey;
  }

  add(entity: EntityInfo): void {
    this.#byKey.set(entity.key, entity);
    this.#endedKeys.delete(entity.key);
  }

  /** No frame that is still to come has a row of it. */
  end(key: number): void {
    if (this.#byKey.has(key)) this.#endedKeys.add(key);
    if (this.#endedKeys.size < this.#lookAt) return;
    const keptKeys = this.#rows.keys();
    this.#forget((ended) => !keptKeys.has(ended));
    this.#forget(() => this.#endedKeys.size > mostPast);
    this.#lookAt = this.#endedKeys.size + lookEvery;
  }

  #forget(isChosen: (key: number) => boolean): void {
    for (const key of this.#endedKeys) {
      if (!isChosen(key)) continue;
      this.#endedKeys.delete(key);
      this.#byKey.delete(key);
    }
  }
}
