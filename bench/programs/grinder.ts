import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Koffi from 'koffi';
import { ownProgram } from '../support/child.ts';

/**
 * `computes|maps...`: a chain of processes, each the child of the one before, that are busy for ever. `computes` writes
 * to 32 MB of memory; `maps` has 500 MB, and maps, fills and unmaps a megabyte as one unit of work: what reading its
 * pages (PSS) gets in the way of most. Asked by SIGUSR2, each prints `KIND UNITS CPU_MS`: work done and CPU used so far.
 */

const [kind = 'computes', ...others] = process.argv.slice(2);
const sliceMs = 2;
const bigBytes = 500e6;
const pieceBytes = 1 << 20;
let units = 0;

function createComputing(): () => void {
  const memory = new Uint32Array(8 << 20);
  let place = 0;
  return () => {
    let state = place + 1;
    for (let turn = 0; turn < 2000; turn += 1) {
      state = (Math.imul(state, 48271) ^ turn) | 0;
      place = (place + 4099) % memory.length;
      memory[place] = state;
    }
  };
}

type Call = (...words: unknown[]) => unknown;

/** Throws where there is no FFI: the measurement would be of something else. */
function createMapping(): () => void {
  const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
  const library = koffi.load(null);
  // PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS.
  const [protection, flags] = [3, 0x22];
  const map = library.func(
    'void *mmap(void *address, size_t length, int protection, int flags, int file, long offset)',
  ) as unknown as Call;
  const fill = library.func('void *memset(void *address, int value, size_t length)') as unknown as Call;
  const unmap = library.func('int munmap(void *address, size_t length)') as unknown as Call;
  fill(map(null, bigBytes, protection, flags, -1, 0), 1, bigBytes);
  return () => {
    const address = map(null, pieceBytes, protection, flags, -1, 0);
    fill(address, 1, pieceBytes);
    unmap(address, pieceBytes);
  };
}

const work = kind === 'maps' ? createMapping() : createComputing();

function runSlice(): void {
  const endMs = performance.now() + sliceMs;
  for (; performance.now() < endMs; units += 1) work();
  setImmediate(runSlice);
}

process.on('SIGUSR2', () => {
  const { user, system } = process.cpuUsage();
  writeSync(1, `${kind} ${units} ${(user + system) / 1000}\n`);
});
if (others.length > 0) {
  const [program = '', ...parameters] = ownProgram('grinder', ...others);
  spawn(program, parameters, { stdio: 'inherit' });
}
const warmUntilMs = performance.now() + 1000;
while (performance.now() < warmUntilMs) work();
writeSync(1, 'ready\n');
runSlice();
