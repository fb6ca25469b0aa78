/**
 * The steps of `npm test`, in order, and what each needs to be set up.
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {'vitest' | 'playwright' | 'program'} runner a program is one test by itself, and takes one core: those
 *   that follow one another run side by side
 * @property {readonly string[]} command words after `node`, or for a `program` after `npm`; relative to the root
 * @property {boolean} needsBuild
 * @property {boolean} needsElectron a runtime, its system packages and a display
 * @property {boolean} startsRuns Python is wanted, and ps to see that nothing is left
 */

/**
 * @param {string} name
 * @param {readonly string[]} projects of vitest.config.ts
 * @returns {readonly string[]}
 */
function vitest(name, projects) {
  return [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${reportPath(name)}`,
  ];
}

/**
 * Where a step's runner writes what it found. Playwright's is set in playwright.config.ts.
 *
 * @param {string} name
 */
export function reportPath(name) {
  return `test-results/${name}.json`;
}

const bare = { needsBuild: false, needsElectron: false, startsRuns: false };

/** @type {readonly Step[]} */
export const steps = [
  {
    ...bare,
    name: 'types',
    runner: 'program',
    command: ['run', '--silent', 'check', '--', '--one-by-one'],
  },
  { ...bare, name: 'lint', runner: 'program', command: ['run', '--silent', 'lint'] },
  // The engine's unit tests run the real Python side.
  {
    ...bare,
    name: 'unit',
    runner: 'vitest',
    command: vitest('unit', ['unit', 'renderer']),
    startsRuns: true,
  },
  { ...bare, name: 'boundaries', runner: 'vitest', command: vitest('boundaries', ['boundaries']) },
  {
    ...bare,
    name: 'cli',
    runner: 'vitest',
    command: vitest('cli', ['cli']),
    needsBuild: true,
    startsRuns: true,
  },
  {
    name: 'e2e',
    runner: 'playwright',
    command: ['node_modules/@playwright/test/cli.js', 'test'],
    needsBuild: true,
    needsElectron: true,
    startsRuns: true,
  },
];

/**
 * What runs at the same time: programs that follow one another; everything else alone.
 *
 * @param {readonly Step[]} selected
 * @returns {readonly (readonly Step[])[]}
 */
export function groupSteps(selected) {
  /** @type {Step[][]} */
  const groups = [];
  for (const step of selected) {
    const last = groups.at(-1);
    if (step.runner === 'program' && last?.[0]?.runner === 'program') last.push(step);
    else groups.push([step]);
  }
  return groups;
}

/**
 * @param {readonly string[]} names empty for all
 * @returns {{ ok: true, steps: readonly Step[] } | { ok: false, unknown: readonly string[] }}
 */
export function selectSteps(names) {
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) return { ok: false, unknown };
  return { ok: true, steps: names.length === 0 ? steps : steps.filter(({ name }) => names.includes(name)) };
}
