import { readMessages } from '../recording/stream-pipe.ts';
import { createWriter, writerNames } from '../recording/writers.ts';

/**
 * `make-stream … | record-stream WRITER FILE SECONDS`: plays the stream into a writer, as fast as it goes, and prints
 * what that cost this process as one line of JSON. The first twentieth warms up: its CPU is not counted.
 */
const [name, path = '', seconds = '60'] = process.argv.slice(2);
const writer = writerNames.find((known) => known === name);
if (writer === undefined) throw new Error(`no writer is called ${name ?? ''}`);

const ticks = Number(seconds) * 10;
const warmTicks = Math.floor(ticks / 20);
const target = createWriter(writer, path, 100);
let before = process.cpuUsage();
let tick = 0;
for (const message of readMessages(0)) {
  target.receive(message);
  if (message.type !== 'frame') continue;
  tick += 1;
  if (tick === warmTicks) before = process.cpuUsage();
}
if (tick !== ticks) throw new Error(`the stream had ${tick} frames instead of ${ticks}`);
target.close();
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({
    cpuSeconds: (user + system) / 1e6,
    forSeconds: (ticks - warmTicks) / 10,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
