import { defineConfig } from 'vite';

/**
 * The programs that run in plain Node, without Electron: the command line, its sampler worker, and the run host
 * with its workers. Dependencies stay in node_modules; the run host has none, so that a measured process loads
 * nothing that is not the user's work.
 */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node20.18',
    outDir: 'out/node',
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      input: {
        cli: 'src/cli/main.ts',
        'sampler-worker': 'src/engine/sampler/worker.ts',
        'run-host': 'src/engine/runner/node/host.ts',
        'run-thread': 'src/engine/runner/node/thread-worker.ts',
        'run-process': 'src/engine/runner/node/process-worker.ts',
      },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
    },
  },
});
