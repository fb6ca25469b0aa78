// Writes docs/corescope.1 from the definition of the command line. `npm run man`; a test tells when it is due.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { runnerImport } from 'vite';

const root = path.resolve(import.meta.dirname, '..');
const { module } = await runnerImport(path.join(root, 'src/cli/manual.ts'), { root, configFile: false });
writeFileSync(path.join(root, 'docs/corescope.1'), module.manual());
