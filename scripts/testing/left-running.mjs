import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that has been told to end is given this long. */
const mercyMs = 1000;

/**
 * Ends the processes that still run with this temporary folder. Where there is no /proc (macOS, Windows) nothing is
 * known of them; of another user's neither.
 *
 * @param {string} folder
 * @returns {Promise<readonly string[]>} their names
 */
export async function endLeftRunning(folder) {
  if (find(folder).length === 0) return [];
  await sleep(mercyMs);
  const left = find(folder);
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  return left.map(({ name }) => name);
}

/** @param {string} folder */
function find(folder) {
  return processIds().flatMap((pid) => {
    if (pid === process.pid) return [];
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (!environment.includes(`TMPDIR=${folder}`)) return [];
      return [{ pid, name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim() }];
    } catch {
      return [];
    }
  });
}

function processIds() {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}
