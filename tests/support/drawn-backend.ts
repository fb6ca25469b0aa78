import type { Backend } from '../../src/renderer/lib/backend.ts';
import type { RequestChannel, Requests } from '../../src/shared/ipc.ts';
import { fail, type Result } from '../../src/shared/result.ts';

type Answer<Channel extends RequestChannel> = (
  payload: Requests[Channel]['request'],
) => Result<Requests[Channel]['response']> | Promise<Result<Requests[Channel]['response']>>;

export type DrawnAnswers = { readonly [Channel in RequestChannel]?: Answer<Channel> };

export interface DrawnBackend extends Backend {
  /** What was asked, one line each: `watch:stop {"id":1}`. */
  readonly asked: readonly string[];
}

/** A way out of the page that answers what the test says; what it does not answer fails. No event ever comes. */
export function drawnBackend(answers: DrawnAnswers): DrawnBackend {
  const asked: string[] = [];
  return {
    asked,
    async request(channel, payload) {
      asked.push(payload === null ? channel : `${channel} ${JSON.stringify(payload)}`);
      const answer: Answer<typeof channel> | undefined = answers[channel];
      return answer === undefined
        ? fail('not-drawn', `Nobody answers ${channel}.`, 'Let the test say the answer.')
        : await answer(payload);
    },
    on: () => () => undefined,
    pathOf: () => null,
    connectSamples: () => new Promise(() => undefined),
  };
}
