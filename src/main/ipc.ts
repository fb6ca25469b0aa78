import { ipcMain, type WebContents } from 'electron';
import type { EventChannel, Events, RequestChannel, Requests } from '../shared/ipc.ts';
import { requestChannels } from '../shared/ipc.ts';
import { fail, type Result } from '../shared/result.ts';
import type { PayloadParsers } from './payloads.ts';
import { isTrustedFrame } from './trusted-frame.ts';

export type RequestHandlers = {
  readonly [Channel in RequestChannel]: (
    payload: Requests[Channel]['request'],
    sender: WebContents,
  ) => Promise<Result<Requests[Channel]['response']>>;
};

/** What a page sends is checked by a parser, at run time, before a handler does anything with it. */
export interface Answers<Channel extends RequestChannel = RequestChannel> {
  readonly parsers: Pick<PayloadParsers, Channel>;
  readonly handlers: Pick<RequestHandlers, Channel>;
}

/**
 * Answers every request channel, at the latest when `answers` are there: a page may ask before all that answers has
 * been read. A message from anything but our own page's main frame is refused unread.
 */
export function serveRequests(answers: Promise<Answers>, trustedOrigin: string): void {
  for (const channel of Object.keys(requestChannels) as RequestChannel[]) {
    serve(channel, answers, trustedOrigin);
  }
}

function serve<Channel extends RequestChannel>(
  channel: Channel,
  answers: Promise<Answers<Channel>>,
  trustedOrigin: string,
): void {
  ipcMain.handle(channel, async (event, payload: unknown): Promise<Result<Requests[Channel]['response']>> => {
    if (!isTrustedFrame(event.senderFrame, trustedOrigin)) {
      return fail('untrusted-sender', `A foreign page asked for "${channel}".`, 'Nothing was done.');
    }
    try {
      const { parsers, handlers } = await answers;
      const parsed: Result<Requests[Channel]['request']> = parsers[channel](payload);
      return parsed.ok ? await handlers[channel](parsed.value, event.sender) : parsed;
    } catch (error) {
      return fail(
        'internal',
        `Corescope failed at "${channel}": ${error instanceof Error ? error.message : String(error)}`,
        'This is a fault in Corescope. Please report it with the steps that led here.',
      );
    }
  });
}

export function tell<Channel extends EventChannel>(
  contents: WebContents,
  channel: Channel,
  event: Events[Channel],
): void {
  if (!contents.isDestroyed()) contents.send(channel, event);
}
