/** Fills in the words by which a command's arguments and input name their task; `{index}` counts from 0. */
export function fillIn(
  text: string,
  task: number,
  { seed, tasks }: { readonly seed: number; readonly tasks: number },
): string {
  return text
    .replaceAll('{index}', String(task))
    .replaceAll('{seed}', String(seed))
    .replaceAll('{tasks}', String(tasks));
}
