import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const projectRoot = path.resolve(import.meta.dirname, '../..');

/** Once before all files: builds `out/node` where any source is newer. */
export default function buildWhenStale(): void {
  const sources = ['src/cli', 'src/engine', 'src/shared'].flatMap((folder) =>
    readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      path.join(folder, file),
    ),
  );
  const newestMs = Math.max(...[...sources, 'package.json', 'vite.node.config.ts'].map(modifiedMs));
  if (modifiedMs('out/node/cli.js') > newestMs) return;
  const vite = path.join(projectRoot, 'node_modules/vite/bin/vite.js');
  const build = spawnSync(process.execPath, [vite, 'build', '--config', 'vite.node.config.ts'], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  if (build.status !== 0)
    throw new Error(`the command line cannot be built:\n${build.stdout}${build.stderr}`);
}

function modifiedMs(file: string): number {
  return statSync(path.join(projectRoot, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
