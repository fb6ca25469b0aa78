/**
 * The order of one round. Each round begins one further along and every second one runs backwards, so that nobody
 * always comes after the same one, early in a round, or late.
 */
export function orderOfRound<Item>(items: readonly Item[], round: number): Item[] {
  const start = items.length === 0 ? 0 : round % items.length;
  const turned = [...items.slice(start), ...items.slice(0, start)];
  return round % 2 === 0 ? turned : turned.reverse();
}
