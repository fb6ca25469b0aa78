/** `npm run bench:render`: starts the built bench in the real Electron. Arguments go to it; `--quick` is short. */
import { join } from 'node:path';
import { provideElectron } from './electron-runtime.mjs';
import { electronSwitches } from './setup/display.mjs';
import { isRoot } from './setup/apt.mjs';
import { projectRoot } from './setup/paths.mjs';
import { runVisibly } from './setup/run-command.mjs';

const { executable } = await provideElectron({ log: (/** @type {string} */ line) => console.error(line) });
const switches = electronSwitches({
  platform: process.platform,
  isRoot: isRoot(),
  environment: process.env,
});
const benchFile = join(projectRoot, 'out', 'bench', 'render.js');
process.exitCode = await runVisibly(executable, [...switches, benchFile, ...process.argv.slice(2)]);
