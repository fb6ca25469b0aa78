import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results/e2e',
  // One app at a time: the tests measure real runs, which would disturb one another.
  workers: 1,
  timeout: 180_000,
  // As in vitest.config.ts; a screenshot of the first try is kept for who looks into it.
  retries: 1,
  use: { screenshot: 'only-on-failure' },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
});
