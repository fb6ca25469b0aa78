import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** The page of `npm run bench:render`, with its workers; its Electron main file is built with the other benches. */
export default defineConfig({
  root: 'bench/render/page',
  base: './',
  plugins: [svelte({ configFile: false })],
  build: { target: 'chrome130', outDir: '../../../out/bench/page', emptyOutDir: true },
  worker: { format: 'es' },
});
