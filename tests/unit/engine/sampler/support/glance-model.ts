import {
  type GlanceLibrary,
  glanceOutcome,
  planField,
  tickField,
  tickLength,
} from '../../../../../src/engine/sampler/linux/glance-library.ts';
import { parseForks } from '../../../../../src/engine/sampler/linux/proc-bytes.ts';

export interface ModelOptions {
  /** Sleeps: after it, the clock says so. */
  readonly sleepUntil: (atMs: number) => void;
  readonly nowMs: () => number;
  readonly readStat: () => Buffer;
  readonly readNs: (pid: number) => number;
}

/** What `native/glances.c` does, in as few words as possible, on a machine of our own whose time stands still. */
export function createGlanceModel(options: ModelOptions): GlanceLibrary & { readonly calls: number[] } {
  const calls: number[] = [];
  return {
    /** How many ticks each call took. */
    calls,
    openWakeFile: () => 1_000_000,
    take(plan, bell, pids, toldNs, searchedAtForks, ticks, places, cpuNs, stat, taken) {
      const field = (name: keyof typeof planField): number => plan[planField[name]] ?? Number.NaN;
      const finish = (outcome: number): number => {
        calls.push(taken[0] ?? 0);
        return outcome;
      };
      taken[0] = 0;
      for (let index = 0; index < field('ticks'); index += 1) {
        const slot = field('firstTick') + index;
        if (bell[0] !== field('heard')) return finish(glanceOutcome.bellRang);
        options.sleepUntil(field('firstDeadlineMs') + index * field('everyMs'));
        const write = (name: keyof typeof tickField, value: number): void => {
          ticks[slot * tickLength + tickField[name]] = value;
        };
        for (const name of ['startedAtMs', 'readAtMs', 'clocksAtMs'] as const) write(name, options.nowMs());
        const text = options.readStat();
        stat.set(text, slot * field('statRoom'));
        const forks = parseForks(text, text.length);
        write('statLength', text.length);
        write('forks', forks);
        let spentNs = 0;
        let isQuiet = true;
        for (let entry = 0; entry < (ticks[slot * tickLength] ?? 0); entry += 1) {
          const at = slot * field('entryRoom') + entry;
          const place = places[at] ?? -1;
          const ns = options.readNs(pids[place] ?? -1);
          cpuNs[at] = ns;
          const grownNs = ns - (toldNs[place] ?? Number.NaN);
          const searchedAt = searchedAtForks[place] ?? Number.NaN;
          if (grownNs === 0) continue;
          isQuiet &&= grownNs > 0 && (searchedAt === Number.POSITIVE_INFINITY || searchedAt === forks);
          spentNs += grownNs;
        }
        taken[0] += 1;
        if (!isQuiet || !(spentNs <= field('quietNsPerMs') * (options.nowMs() - field('lookedAtMs'))))
          return finish(glanceOutcome.notQuiet);
      }
      return finish(glanceOutcome.allTaken);
    },
  };
}
