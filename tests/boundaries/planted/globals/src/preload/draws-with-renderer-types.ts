// expect: Cannot find module './panel.svelte'
import Panel from './panel.svelte';
export const panel: unknown = Panel;
