import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseCpuFields } from '../support/cpu-cost.ts';

/**
 * `PER_SECOND SECONDS SCRIPT`: starts short-lived shells that run SCRIPT and waits for each. Says `ready` a second
 * before it begins, and at the end prints what the kernel charged to it and to its children from first to last.
 */

const [perSecond = Number.NaN, seconds = Number.NaN] = process.argv.slice(2, 4).map(Number);
const script = process.argv[4] ?? '';
const headStartMs = 1000;

function readWaitedForMs(): number {
  return parseCpuFields(readFileSync('/proc/self/stat', 'latin1'))?.waitedForMs ?? Number.NaN;
}

function readOwnMs(): number {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  return (userCPUTime + systemCPUTime) / 1000;
}

console.log('ready');
await new Promise((resolve) => setTimeout(resolve, headStartMs));
const ownStartMs = readOwnMs();
const waitedForStartMs = readWaitedForMs();
const startMs = performance.now();
let started = 0;
let running = 0;
await new Promise<void>((resolve) => {
  const timer = setInterval(() => {
    const elapsedMs = performance.now() - startMs;
    const isOver = elapsedMs >= seconds * 1000;
    const due = isOver ? started : Math.floor((elapsedMs / 1000) * perSecond);
    for (; started < due; started += 1) {
      running += 1;
      spawn('sh', ['-c', script], { stdio: 'ignore' }).once('exit', () => {
        running -= 1;
      });
    }
    if (isOver && running === 0) {
      clearInterval(timer);
      resolve();
    }
  }, 5);
});
const report = {
  children: started,
  tookMs: performance.now() - startMs,
  ownMs: readOwnMs() - ownStartMs,
  waitedForMs: readWaitedForMs() - waitedForStartMs,
};
// The frame after the last child is still to be taken.
await new Promise((resolve) => setTimeout(resolve, 500));
console.log(JSON.stringify(report));
setInterval(() => undefined, 1e9);
