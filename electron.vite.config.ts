import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

// Targets are those of the oldest Electron that Corescope runs on (33: Node 20.18, Chromium 130), not of the one
// that package.json pins for people: electron-vite's default for 45 would emit syntax that 33 cannot read.
const nodeTarget = 'node20.18';
const chromiumTarget = 'chrome130';

export default defineConfig({
  main: {
    build: {
      target: nodeTarget,
      // Part of the files that need it: as seventy files of its own it is what a window would wait for longest.
      externalizeDeps: { exclude: ['zod'] },
      rolldownOptions: {
        input: {
          index: 'src/main/index.ts',
          'engine-process': 'src/main/engine-process.ts',
          'recordings-process': 'src/main/recordings-process.ts',
          'sampler-process': 'src/main/sampler-process.ts',
          'sampler-worker': 'src/engine/sampler/worker.ts',
        },
        output: { format: 'es' },
      },
    },
  },
  preload: {
    build: {
      target: nodeTarget,
      // A sandboxed preload script must be CommonJS.
      rolldownOptions: {
        input: 'src/preload/index.ts',
        output: { format: 'cjs', entryFileNames: 'index.cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [svelte()],
    build: {
      target: chromiumTarget,
      // Half of what is read and compiled before anything is shown.
      minify: true,
      rolldownOptions: { input: 'src/renderer/index.html' },
    },
    worker: { format: 'es' },
  },
});
