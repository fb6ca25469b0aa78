/**
 * `npm run check`: the types of every layer, each under its own tsconfig (see the walls in the design). Names of
 * layers as arguments check only those; `--one-by-one` leaves the other cores to others.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './setup/paths.mjs';
import { runQuietly } from './setup/run-command.mjs';

const typescript = ['node_modules', 'typescript', 'bin', 'tsc'];
const svelteCheck = ['node_modules', 'svelte-check', 'bin', 'svelte-check'];

const plainLayers = [
  'src/shared',
  'src/engine',
  'src/cli',
  'src/main',
  'src/preload',
  'src/renderer/drawing',
  'scripts',
  'bench',
  'bench/render/page',
  'tests',
];

/** @typedef {{ layer: string, program: readonly string[], parameters: readonly string[] }} Check */

/** @type {readonly Check[]} */
const checks = [
  // First, because it takes longest.
  {
    layer: 'src/renderer',
    program: svelteCheck,
    // svelte-check checks the TypeScript files as well as the components.
    parameters: ['--tsconfig', 'src/renderer/tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  },
  ...plainLayers.map((layer) => ({ layer, program: typescript, parameters: ['-p', layer] })),
];

const oneByOne = '--one-by-one';
/** Each compiler takes a core and some 300 MB. */
const atOnce = process.argv.includes(oneByOne) ? 1 : 2;

/** @param {Check} check */
async function run({ layer, program, parameters }) {
  const start = performance.now();
  const { code, output } = await runQuietly(
    process.execPath,
    [join(projectRoot, ...program), ...parameters],
    {
      cwd: projectRoot,
    },
  );
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${layer} (${seconds} s)`);
  if (code !== 0) console.log(output.trimEnd().replace(/^/gm, '       '));
  return code === 0 ? [] : [layer];
}

/**
 * @param {readonly Check[]} wanted
 * @returns {Promise<string[]>} the layers that failed
 */
async function runAll(wanted) {
  const waiting = [...wanted];
  /** @type {string[]} */
  const failed = [];
  async function work() {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      failed.push(...(await run(check)));
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  return failed;
}

/** @param {readonly string[]} names */
function selectChecks(names) {
  const unknown = names.filter((name) => !checks.some(({ layer }) => layer === name));
  if (unknown.length > 0) {
    console.error(
      `No such layer: ${unknown.join(', ')}. Layers: ${checks.map(({ layer }) => layer).join(', ')}`,
    );
    process.exit(2);
  }
  return names.length === 0 ? checks : checks.filter(({ layer }) => names.includes(layer));
}

if (!existsSync(join(projectRoot, ...typescript))) {
  console.error('The dependencies are not installed. Run npm ci (npm test does it by itself).');
  process.exit(1);
}
const failed = await runAll(selectChecks(process.argv.slice(2).filter((word) => word !== oneByOne)));
if (failed.length > 0) {
  console.error(`\nTypes are wrong in ${failed.join(', ')}.`);
  process.exitCode = 1;
}
