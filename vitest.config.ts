import { availableParallelism } from 'node:os';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/**
 * Tests of real processes depend on a scheduler that may keep a process waiting for longer than they allow for. One
 * more try tells that from a fault; which tests needed it is said at the end (scripts/testing/troubles.mjs).
 */
const secondTries = 1;

/**
 * Test files at a time. vitest's own number leaves a core free, which on two cores is one file after another; but half
 * of the time a test waits for a process of its own.
 */
const filesAtOnce = Math.max(2, availableParallelism() - 1);

export default defineConfig({
  test: {
    maxWorkers: filesAtOnce,
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
        test: {
          name: 'renderer',
          environment: 'happy-dom',
          include: ['tests/unit/renderer/**/*.test.ts'],
          // Nothing of a file stays for the next: what it mounts it takes down. Loading Svelte and the document once a
          // worker, and not once a file, takes a third of the time.
          isolate: false,
        },
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
          globalSetup: 'tests/cli/build.ts',
          // After all others where they are asked for together. They measure real runs, but what they expect of the
          // numbers holds beside another one; more than two at once would make most runs "disturbed".
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
