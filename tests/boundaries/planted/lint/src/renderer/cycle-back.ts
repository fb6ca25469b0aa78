// expect: nothing
import There from './cycle-there.svelte';
export function titleOf(count: number): string {
  return `${count} times ${There.name}`;
}
