import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { hostEntries, workerEntries } from '../../../../vite.host-entries.ts';
import type { HostFiles } from '../../../../src/engine/runner/run.ts';

const projectRoot = fileURLToPath(new URL('../../../../', import.meta.url));

export interface BuiltHosts {
  readonly files: HostFiles;
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Bundles the run host and its workers into a folder of their own, as vite.node.config.ts does for the product.
 * `tasks` takes the place of src/engine/workloads/node-tasks.ts: with it a real host runs a workload that
 * misbehaves. `entries` are further programs, bundled whole, for they find no node_modules where they lie.
 */
export async function buildHosts(
  options: { readonly tasks?: string; readonly entries?: Readonly<Record<string, string>> } = {},
): Promise<BuiltHosts> {
  const { tasks, entries = {} } = options;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'corescope-hosts-'));
  // Node takes .js files in a folder without a package.json for CommonJS.
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }\n');
  // Where an installed Corescope's hosts find it.
  await mkdir(path.join(folder, 'node_modules'));
  await symlink(path.join(projectRoot, 'node_modules/jiti'), path.join(folder, 'node_modules/jiti'), 'dir');
  async function buildPrograms(
    input: Readonly<Record<string, string>>,
    format: 'es' | 'cjs',
    extension: 'js' | 'cjs',
  ): Promise<void> {
    await build({
      root: projectRoot,
      configFile: false,
      logLevel: 'error',
      ssr: { noExternal: true, external: ['jiti'] },
      build: {
        ssr: true,
        target: 'node20.18',
        outDir: folder,
        minify: false,
        emptyOutDir: false,
        rolldownOptions: {
          input: { ...input },
          output: {
            format,
            entryFileNames: `[name].${extension}`,
            chunkFileNames: `chunk-[name]-[hash].${extension}`,
          },
        },
      },
      plugins:
        tasks === undefined
          ? []
          : [
              {
                name: 'replace-tasks',
                enforce: 'pre',
                resolveId: (source) => (source.endsWith('/workloads/node-tasks.ts') ? tasks : null),
              },
            ],
    });
  }
  await buildPrograms({ ...hostEntries, ...entries }, 'es', 'js');
  await buildPrograms(workerEntries, 'cjs', 'cjs');
  return {
    files: {
      nodeHost: path.join(folder, 'run-host.js'),
      pythonFolder: path.join(projectRoot, 'resources/python'),
    },
    folder,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
