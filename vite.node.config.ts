import { defineConfig } from 'vite';
import { hostEntries, workerParts } from './vite.host-entries.ts';

/**
 * The programs that run in plain Node, without Electron: the command line, its sampler worker, and the run host
 * with its workers. Dependencies stay in node_modules, except the thread pool's, which is part of the run host: a
 * measured process loads what its work needs and nothing else.
 */
export default defineConfig({
  ssr: { noExternal: ['tinypool'] },
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
        ...hostEntries,
      },
      output: {
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: 'chunk-[name]-[hash].js',
        codeSplitting: { groups: [{ name: 'worker-parts', test: workerParts }] },
      },
    },
  },
});
