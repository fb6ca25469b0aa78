import { createSyntheticStream } from '../recording/synthetic-stream.ts';
import { createWriter, writerNames } from '../recording/writers.ts';

/**
 * `record-stream WRITER FILE SEED CORES PROCESSES SECONDS`: plays a synthetic stream at 10 Hz into a writer, as fast as
 * it goes, and prints what that cost as one line of JSON. The first twentieth warms up and is not counted.
 */
const [name, path = '', ...numbers] = process.argv.slice(2);
const [seed = 1, cores = 64, processes = 1000, seconds = 60] = numbers.map(Number);
const writer = writerNames.find((known) => known === name);
if (writer === undefined) throw new Error(`no writer is called ${name ?? ''}`);

const everyMs = 100;
const ticks = seconds * 10;
const warmTicks = Math.floor(ticks / 20);
const stream = createSyntheticStream({ seed, cores, processes, everyMs });
const target = createWriter(writer, path, everyMs);
let before = process.cpuUsage();
for (let tick = 0; tick < ticks; tick += 1) {
  if (tick === warmTicks) before = process.cpuUsage();
  for (const message of stream.next()) target.receive(message);
}
target.close();
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({
    cpuSeconds: (user + system) / 1e6,
    forSeconds: (ticks - warmTicks) / 10,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
