import { defineConfig } from 'vite';

/**
 * The benchmarks and the programs that they start, each an entry of its own in `out/bench/`. Dependencies stay in
 * node_modules, so that a peer runs as its users have it.
 */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node20.18',
    outDir: 'out/bench',
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      external: ['electron'],
      input: {
        sampler: 'bench/sampler/main.ts',
        accuracy: 'bench/accuracy/main.ts',
        'short-lived': 'bench/short-lived/main.ts',
        analysis: 'bench/analysis/main.ts',
        verdicts: 'bench/verdicts/main.ts',
        runner: 'bench/runner/main.ts',
        'bare-work': 'bench/programs/bare-work.ts',
        recording: 'bench/recording/main.ts',
        'make-stream': 'bench/programs/make-stream.ts',
        'record-stream': 'bench/programs/record-stream.ts',
        'open-recording': 'bench/programs/open-recording.ts',
        'export-recording': 'bench/programs/export-recording.ts',
        'hot-loop': 'bench/hot-loop/main.ts',
        render: 'bench/render/main.ts',
        feeder: 'bench/render/feeder.ts',
        'start-app': 'bench/render/start-app.ts',
        'start-empty': 'bench/render/start-empty.ts',
        growth: 'bench/growth/main.ts',
        perturbation: 'bench/perturbation/main.ts',
        grinder: 'bench/programs/grinder.ts',
        'sampler-worker': 'src/engine/sampler/worker.ts',
        'tree-host': 'bench/programs/tree-host.ts',
        burner: 'bench/programs/burner.ts',
        spawner: 'bench/programs/spawner.ts',
        'sample-ours': 'bench/programs/sample-ours.ts',
        'sample-pidusage': 'bench/programs/sample-pidusage.ts',
        'sample-systeminformation': 'bench/programs/sample-systeminformation.ts',
      },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
    },
  },
});
