import { spawn } from 'node:child_process';

const stubborn = `trap '' TERM HUP INT; while :; do sleep 1; done`;

/** The ways out of a run that the environment of the test asks for; see escape.test.ts. */
export function startEscapes(): void {
  const mark = process.env['CORESCOPE_TEST_MARK'] ?? '';
  for (const way of (process.env['CORESCOPE_TEST_ESCAPES'] ?? '').split(',')) {
    // A shell that starts the work behind itself and goes: the work is an orphan in a session of its own.
    const script = way.endsWith('daemon') ? `(${stubborn}) &` : stubborn;
    spawn('/bin/sh', ['-c', script, mark], {
      detached: way !== 'stubborn',
      stdio: way === 'daemon' ? 'inherit' : 'ignore',
      ...(way.startsWith('cleared') ? { env: {} } : {}),
    }).unref();
  }
}
