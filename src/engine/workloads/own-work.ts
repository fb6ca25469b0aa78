import type { Runtime, WorkloadDescription, WorkTarget } from '../../shared/workload.ts';

/** The user's own work as workloads: no catalogue shows them, for without a target they are nothing. */
const noCluster = 'Corescope cannot know on which port your own work listens.';
const unknownSignature = { node: 'Unknown: it is your own work.', python: 'Unknown: it is your own work.' };

const moduleWork: WorkloadDescription = {
  id: 'module',
  title: 'Your module',
  summary: 'Calls the function that a JavaScript or TypeScript file of yours exports as its default.',
  kind: 'own',
  parameters: [],
  expectedSignature: unknownSignature,
  unavailable: { node: { cluster: noCluster } },
};

const functionWork: WorkloadDescription = {
  id: 'function',
  title: 'Your Python function',
  summary: 'Calls a function of a Python file of yours.',
  kind: 'own',
  parameters: [],
  expectedSignature: unknownSignature,
};

const commandWork: WorkloadDescription = {
  id: 'command',
  title: 'Your command',
  summary: 'Runs a program of yours, in turn or several at once.',
  kind: 'own',
  parameters: [],
  expectedSignature: unknownSignature,
};

export const ownWorkloads: readonly WorkloadDescription[] = [moduleWork, functionWork, commandWork];

/** The kind of target that a workload id stands for, and the runtime that runs it. */
export const runtimeOfTarget: Readonly<Record<WorkTarget['kind'], Runtime>> = {
  module: 'node',
  function: 'python',
  command: 'command',
};
