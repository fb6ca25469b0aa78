import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ServerProcess {
  readonly port: number;
  /** Resolves when the process is gone. */
  end(): Promise<void>;
}

/** Its program lies beside the run host's (vite.host-entries.ts). */
const programUrl = new URL('run-http-server.js', import.meta.url);

/** A process of its own, so that answering takes nothing from the workers' threads and is not counted as theirs. */
export async function startServerProcess(latencyMs: number): Promise<ServerProcess> {
  const child = fork(fileURLToPath(programUrl), [String(latencyMs)]);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    // It could not be started.
    child.once('error', () => resolve());
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => {
      if (typeof message === 'object' && 'port' in message && typeof message.port === 'number') {
        resolve(message.port);
      }
    });
    void ended.then(() => reject(new Error('the server that was to answer the requests did not start')));
  });
  return {
    port,
    end() {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
