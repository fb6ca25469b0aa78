import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { ownProgram } from '../support/child.ts';

/**
 * `COUNT`: COUNT processes, each the child of the one before, that compute for ever. Asked by SIGUSR2, each prints
 * `PID UNITS CPU_MS`: the work done and the CPU used so far. It writes to memory too, so that reading its pages has
 * something to get in the way of.
 */

const count = Number(process.argv[2]);
const sliceMs = 2;
const memory = new Uint32Array(8 << 20);
let units = 0;
let place = 0;

function work(): void {
  let state = place + 1;
  for (let turn = 0; turn < 2000; turn += 1) {
    state = (Math.imul(state, 48271) ^ turn) | 0;
    place = (place + 4099) % memory.length;
    memory[place] = state;
  }
  units += 1;
}

function runSlice(): void {
  const endMs = performance.now() + sliceMs;
  while (performance.now() < endMs) work();
  setImmediate(runSlice);
}

process.on('SIGUSR2', () => {
  const { user, system } = process.cpuUsage();
  writeSync(1, `${process.pid} ${units} ${(user + system) / 1000}\n`);
});
if (count > 1) {
  const [program = '', ...parameters] = ownProgram('grinder', count - 1);
  spawn(program, parameters, { stdio: 'inherit' });
}
for (let warm = 0; warm < 20_000; warm += 1) work();
writeSync(1, 'ready\n');
runSlice();
