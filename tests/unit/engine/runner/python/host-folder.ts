import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonFolder } from './python-host.ts';

/** The real host with the workloads of these tests beside its own. */
export interface HostFolder {
  readonly folder: string;
  remove(): void;
}

export function copyHost(): HostFolder {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'corescope-python-'));
  cpSync(pythonFolder, folder, { recursive: true });
  const ownWorkloads = fileURLToPath(new URL('workloads', import.meta.url));
  cpSync(ownWorkloads, path.join(folder, 'corescope_host/workloads'), { recursive: true });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
