import { type ChildProcess, spawn } from 'node:child_process';
import { ownProgram } from '../support/child.ts';

/**
 * `COUNT`: the root of a tree of COUNT processes: itself, two at 5 % of a core, the rest asleep. Says `ready` when all
 * of them run, and takes them along when it is told to end.
 */

const count = Number(process.argv[2]);
const burnerCount = Math.min(2, count - 1);
const children: ChildProcess[] = [];

function start(command: readonly string[]): void {
  const [program = '', ...parameters] = command;
  children.push(spawn(program, parameters, { stdio: 'ignore' }));
}

for (let made = 0; made < burnerCount; made += 1) start(ownProgram('burner', 0.05, 100, 0));
for (let made = 1 + burnerCount; made < count; made += 1) start(['sleep', '86400']);
await Promise.all(
  children.map(async (child) => {
    if (child.pid === undefined) throw new Error('a process of the tree could not be started');
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
  }),
);
process.once('SIGTERM', () => {
  for (const child of children) child.kill();
  process.exit();
});
setTimeout(() => {
  console.log('ready');
}, 300);
setInterval(() => undefined, 1e9);
