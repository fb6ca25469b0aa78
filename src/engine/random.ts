/** Draws the next number of a sequence: uniform in [0, 1), 32 bits of resolution. */
export type Random = () => number;

/**
 * Mulberry32 (Tommy Ettinger's generator, in Brian Cockburn's JavaScript form): 32 bits of state, period 2^32,
 * passes gjrand. Enough for shuffling runs and resampling, and useless for secrets. Any 32-bit integer is a good
 * seed; equal seeds give equal sequences on every machine.
 */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A shuffled copy: every order is equally likely (Fisher and Yates, in Durstenfeld's form). */
export function shuffle<Item>(items: readonly Item[], random: Random): Item[] {
  // Drawing from the rest and moving the last item into the gap keeps it linear.
  const rest = [...items];
  const drawn: Item[] = [];
  while (rest.length > 0) {
    const [item] = rest.splice(Math.floor(random() * rest.length), 1);
    if (item !== undefined) drawn.push(item);
  }
  return drawn;
}
