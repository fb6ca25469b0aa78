import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/**
 * Tests of real processes depend on a scheduler that may keep a process waiting for longer than they allow for. One
 * more try tells that from a fault; which tests needed it is said at the end (scripts/testing/troubles.mjs).
 */
const secondTries = 1;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['tests/unit/**/*.test.ts'],
          exclude: ['tests/unit/renderer/**'],
          // Real forks and real Python on a machine that may be loaded tenfold: long, so that only a hang is ended.
          testTimeout: 60_000,
          retry: secondTries,
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
          retry: secondTries,
          // These tests measure real runs: side by side they would disturb one another.
          fileParallelism: false,
        },
      },
    ],
  },
});
