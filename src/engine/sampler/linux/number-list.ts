/**
 * The numbers of a list as the kernel writes it: `0-3,8,10-11` (cpuset(7), "List format"); empty where there are
 * none. Null where it is not such a list. Pure.
 */
export function parseNumberList(text: string): readonly number[] | null {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const numbers = new Set<number>();
  for (const part of trimmed.split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (match === null) return null;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (last < first || last - first > mostNumbers) return null;
    for (let number = first; number <= last; number += 1) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}

/** No kernel is built for so many cores; a longer range is not a list of them, and would fill the memory. */
const mostNumbers = 65_536;
