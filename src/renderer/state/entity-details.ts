import type { DetailColumns, SampleFrame } from '../../shared/sample.ts';
import type { SessionMs } from '../../shared/units.ts';

type DetailName = Exclude<keyof DetailColumns, 'detailKeys'>;

/** What the newest detail of a row says, and rates since the one before. NaN is unknown. */
export interface EntityDetail {
  readonly atMs: SessionMs;
  readonly values: Readonly<Record<DetailName, number>>;
  readonly switchesPerSecond: number;
  readonly minorFaultsPerSecond: number;
  readonly majorFaultsPerSecond: number;
  readonly readBytesPerSecond: number;
  readonly writtenBytesPerSecond: number;
  readonly migrationsPerSecond: number;
}

/** Details come for a part of the rows at a time; this is the newest of each row. */
export class EntityDetails {
  readonly #newest = new Map<number, EntityDetail>();

  /** Frames must come in order. A frame that was dropped in between loses nothing: counters are cumulative. */
  receive(frame: SampleFrame): void {
    for (let index = 0; index < frame.detailKeys.length; index += 1) {
      const key = frame.detailKeys[index];
      if (key === undefined) continue;
      this.#newest.set(key, nextDetail(this.#newest.get(key), valuesAt(frame, index), frame.atMs));
    }
  }

  of(key: number): EntityDetail | undefined {
    return this.#newest.get(key);
  }

  forget(key: number): void {
    this.#newest.delete(key);
  }
}

function valuesAt(frame: SampleFrame, index: number): EntityDetail['values'] {
  const at = (column: Float64Array): number => column[index] ?? Number.NaN;
  return {
    state: at(frame.state),
    userMs: at(frame.userMs),
    systemMs: at(frame.systemMs),
    waitedForMs: at(frame.waitedForMs),
    ussBytes: at(frame.ussBytes),
    swapBytes: at(frame.swapBytes),
    peakRssBytes: at(frame.peakRssBytes),
    threadCount: at(frame.threadCount),
    voluntarySwitches: at(frame.voluntarySwitches),
    involuntarySwitches: at(frame.involuntarySwitches),
    minorFaults: at(frame.minorFaults),
    majorFaults: at(frame.majorFaults),
    readBytes: at(frame.readBytes),
    writtenBytes: at(frame.writtenBytes),
    openFiles: at(frame.openFiles),
    migrations: at(frame.migrations),
  };
}

function nextDetail(
  before: EntityDetail | undefined,
  values: EntityDetail['values'],
  atMs: SessionMs,
): EntityDetail {
  const seconds = before === undefined ? Number.NaN : (atMs - before.atMs) / 1000;
  const rate = (...names: readonly DetailName[]): number => {
    if (before === undefined || !(seconds > 0)) return Number.NaN;
    return names.reduce((sum, name) => sum + values[name] - before.values[name], 0) / seconds;
  };
  return {
    atMs,
    values,
    switchesPerSecond: rate('voluntarySwitches', 'involuntarySwitches'),
    minorFaultsPerSecond: rate('minorFaults'),
    majorFaultsPerSecond: rate('majorFaults'),
    readBytesPerSecond: rate('readBytes'),
    writtenBytesPerSecond: rate('writtenBytes'),
    migrationsPerSecond: rate('migrations'),
  };
}
