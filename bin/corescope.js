#!/usr/bin/env node
import { existsSync } from 'node:fs';

const commandLine = new URL('../out/node/cli.js', import.meta.url);
const setUp = new URL('../scripts/setup/setup.mjs', import.meta.url);

/** Builds a checkout that was never built. Standard output stays clean: it belongs to the command that was asked. */
async function buildCheckout() {
  /** @param {string} line */
  const log = (line) => console.error(line);
  const { reportFailure } = await import('../scripts/setup/setup-error.mjs');
  try {
    log('Corescope was not built here yet: setting it up first.');
    const { setUpCommandLine } = await import('../scripts/setup/setup.mjs');
    await setUpCommandLine({ log });
  } catch (error) {
    process.exit(reportFailure(error));
  }
}

// A packed Corescope has out/ and no scripts/.
const isCheckout = existsSync(setUp);
const hasDependencies = existsSync(new URL('../node_modules', import.meta.url));
if (isCheckout && !(existsSync(commandLine) && hasDependencies)) await buildCheckout();
await import(commandLine.href);
