import { createSyntheticStream } from '../recording/synthetic-stream.ts';
import { writeMessage } from '../recording/stream-pipe.ts';

/** `make-stream SEED CORES PROCESSES SECONDS`: a synthetic stream at 10 Hz on standard output, as fast as it is read. */
const [seed = 1, cores = 64, processes = 1000, seconds = 60] = process.argv.slice(2).map(Number);
const stream = createSyntheticStream({ seed, cores, processes, everyMs: 100 });
for (let tick = 0; tick < seconds * 10; tick += 1) {
  for (const message of stream.next()) writeMessage(1, message);
}
