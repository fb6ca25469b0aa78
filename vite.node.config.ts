import { build, defineConfig, type InlineConfig } from 'vite';
import { hostEntries, workerEntries, workerParts } from './vite.host-entries.ts';

const common = {
  ssr: true,
  target: 'node20.18',
  outDir: 'out/node',
  minify: false,
} as const;

/**
 * The run host with its workers, apart from the command line: what both had in common would be in files that hold more
 * than a worker needs, and each file that a worker reads is measured as its start-up. The thread pool's library becomes
 * part of it for the same reason.
 */
const hosts: InlineConfig = {
  configFile: false,
  logLevel: 'warn',
  ssr: { noExternal: ['tinypool'] },
  build: {
    ...common,
    emptyOutDir: false,
    rolldownOptions: {
      input: hostEntries,
      output: {
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: 'host-[name]-[hash].js',
        codeSplitting: { groups: [{ name: 'worker-parts', test: workerParts }] },
      },
    },
  },
};

const workers: InlineConfig = {
  configFile: false,
  logLevel: 'warn',
  build: {
    ...common,
    emptyOutDir: false,
    rolldownOptions: {
      input: workerEntries,
      output: {
        format: 'cjs',
        entryFileNames: '[name].cjs',
        chunkFileNames: 'worker-[name]-[hash].cjs',
        codeSplitting: { groups: [{ name: 'parts', test: workerParts }] },
      },
    },
  },
};

/**
 * The programs that run in plain Node, without Electron: the command line, its sampler worker, and the run host
 * with its workers. Dependencies stay in node_modules.
 */
export default defineConfig({
  plugins: [
    {
      name: 'run-hosts',
      async closeBundle() {
        await build(hosts);
        await build(workers);
      },
    },
  ],
  build: {
    ...common,
    emptyOutDir: true,
    rolldownOptions: {
      input: {
        cli: 'src/cli/main.ts',
        'sampler-worker': 'src/engine/sampler/worker.ts',
      },
      output: {
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: 'chunk-[name]-[hash].js',
      },
    },
  },
});
