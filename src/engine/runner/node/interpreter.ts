import path from 'node:path';
import type { InterpreterInfo } from '../../../shared/experiment.ts';
import type { RunPlan } from '../protocol.ts';

/** What runs the work: this Node, or the program that a command names. */
export function describeInterpreter({ target }: RunPlan): InterpreterInfo {
  const unknown = { gilEnabled: null, freeThreadedBuild: null, startMethod: null };
  if (target?.kind === 'command') {
    const [program = ''] = target.argv;
    return {
      runtime: 'command',
      version: '',
      executable: program,
      implementation: path.basename(program),
      ...unknown,
    };
  }
  const { electron } = process.versions;
  return {
    runtime: 'node',
    version: process.versions.node,
    executable: process.execPath,
    implementation: electron === undefined ? 'V8' : `V8 (Electron ${electron})`,
    ...unknown,
  };
}
