import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['tests/unit/**/*.test.ts'],
          exclude: ['tests/unit/renderer/**'],
          testTimeout: 20_000,
        },
      },
      {
        plugins: [svelte()],
        // Without the browser condition Svelte resolves to its server build, which cannot mount components.
        resolve: { conditions: ['browser'] },
        test: { name: 'renderer', environment: 'happy-dom', include: ['tests/unit/renderer/**/*.test.ts'] },
      },
      {
        test: {
          name: 'boundaries',
          environment: 'node',
          include: ['tests/boundaries/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'cli',
          environment: 'node',
          include: ['tests/cli/**/*.test.ts'],
          testTimeout: 120_000,
          // These tests measure real runs: side by side they would disturb one another.
          fileParallelism: false,
        },
      },
    ],
  },
});
