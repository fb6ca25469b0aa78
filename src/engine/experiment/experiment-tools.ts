import type { MachineInfo } from '../../shared/experiment.ts';
import type { InterpreterChoice } from '../../shared/ipc.ts';
import type { SessionClock } from '../clock.ts';
import type { HostFiles } from '../runner/run.ts';
import type { Sampler } from '../sampler/index.ts';

/** What an experiment needs from whoever runs it: the app's engine process or the command line. */
export interface ExperimentTools {
  readonly clock: SessionClock;
  readonly sampler: Sampler;
  readonly samplerEveryMs: number;
  readonly machine: MachineInfo;
  readonly version: string;
  readonly interpreter: InterpreterChoice;
  readonly hostFiles: HostFiles;
}
