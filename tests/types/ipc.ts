import type { Bridge, EventChannel, RequestChannel } from '../../src/shared/ipc.ts';
import { eventChannels, requestChannels } from '../../src/shared/ipc.ts';
import type { ExperimentPlan } from '../../src/shared/experiment.ts';

/** Type tests: every channel is in its allow-list, and the bridge only takes what a channel carries. */

declare const bridge: Bridge;
declare const plan: ExperimentPlan;
declare function use(value: unknown): void;

const withoutSave = {
  'app:describe': true,
  'experiment:start': true,
  'experiment:cancel': true,
  'samples:connect': true,
} as const;
// @ts-expect-error a request channel is missing from the allow-list
export const incomplete = withoutSave satisfies Record<RequestChannel, true>;

// @ts-expect-error the only event channel is missing from the allow-list
export const withoutEvents = {} as const satisfies Record<EventChannel, true>;

export const invented = {
  ...eventChannels,
  // @ts-expect-error a channel that no contract names
  'files:read': true,
} as const satisfies Record<EventChannel, true>;

export const isListed: true = requestChannels['experiment:start'];

void bridge.request('experiment:start', plan);
// @ts-expect-error a plan is needed to start
void bridge.request('experiment:start', null);
// @ts-expect-error reports are saved as json or html only
void bridge.request('experiment:save', { format: 'pdf' });
// @ts-expect-error no such channel
void bridge.request('files:read', null);
// @ts-expect-error requests and events are different lists
bridge.on('app:describe', () => undefined);

export async function readVersion(): Promise<string> {
  const answer = await bridge.request('app:describe', null);
  // @ts-expect-error a failed answer has no value: `ok` must be looked at first
  use(answer.value);
  return answer.ok ? answer.value.version : answer.problem.message;
}
