import { workloads } from '../engine/workloads/index.ts';
import type { ParameterDescription, WorkloadDescription } from '../shared/workload.ts';
import { exitCodes, type Colours, type Terminal } from './terminal.ts';

export function listWorkloads(options: { readonly json?: true | undefined }, terminal: Terminal): number {
  const text = options.json
    ? JSON.stringify(workloads, null, 2)
    : workloads.map((workload) => describeWorkload(workload, terminal.outColours)).join('\n\n');
  terminal.out.write(`${text}\n`);
  return exitCodes.success;
}

function describeWorkload(workload: WorkloadDescription, colours: Colours): string {
  return [
    `${colours.bold(workload.id)}  ${workload.title}`,
    `  ${workload.summary}`,
    ...workload.parameters.map((parameter) => `  ${describeParameter(parameter, colours)}`),
  ].join('\n');
}

function describeParameter(parameter: ParameterDescription, colours: Colours): string {
  const { name, defaults, help } = parameter;
  const defaultText =
    defaults.node === defaults.python
      ? `default ${defaults.node}`
      : `default ${defaults.node} in Node, ${defaults.python} in Python`;
  return [
    `${colours.cyan(`--param ${name}=…`)}  ${help}`,
    `    ${colours.dim(`${describeRange(parameter)}, ${defaultText}`)}`,
  ].join('\n');
}

function describeRange(parameter: ParameterDescription): string {
  if (parameter.type === 'choice') return parameter.choices.join(' | ');
  const { min, max, unit, integer } = parameter;
  const unitText = unit === '' ? '' : ` ${unit}`;
  return `${integer ? 'whole number' : 'number'} from ${min} to ${max}${unitText}`;
}
