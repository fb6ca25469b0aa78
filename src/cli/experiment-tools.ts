import { createSessionClock } from '../engine/clock.ts';
import type { ExperimentTools } from '../engine/experiment/experiment-tools.ts';
import { describeMachine } from '../engine/machine.ts';
import { createSamplerWorker } from '../engine/sampler/remote.ts';
import type { InterpreterChoice } from '../shared/ipc.ts';
import { files } from './files.ts';

/** Ten samples a second: the kernel's counters tick at 100 Hz, and a run of half a second still has five. */
const samplerEveryMs = 100;

/** A clock and a sampler of its own for one experiment. Whoever asked for them stops the sampler. */
export async function openExperimentTools(
  version: string,
  interpreter: InterpreterChoice,
): Promise<ExperimentTools> {
  const machine = await describeMachine();
  const clock = createSessionClock();
  const sampler = createSamplerWorker({
    workerFile: files.samplerWorker,
    clockOrigin: { originNs: clock.originNs, startedUnixMs: clock.startedUnixMs },
    everyMs: samplerEveryMs,
    // As often as progress is drawn; a limit of memory is enforced this much later.
    holdMs: 250,
  });
  return { clock, sampler, samplerEveryMs, machine, version, interpreter, hostFiles: files.host };
}
