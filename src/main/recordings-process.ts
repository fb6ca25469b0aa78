import { recordingPlaceOf } from './answers/recording-shelf.ts';
import { createRecordingAnswers, type RecordingAnswers } from './answers/recordings.ts';
import type { FromRecordings, RecordingRequestMessage, ToRecordings } from './engine-messages.ts';
import { fail, type Result } from '../shared/result.ts';

/**
 * Reads recordings, in a process of its own: looking at one for seconds, or writing a report of one, holds up neither
 * the engine's runs nor the samples that are being recorded.
 */
let answers: RecordingAnswers | null = null;

process.parentPort.on('message', ({ data }) => {
  const message = data as ToRecordings;
  if (message.type === 'start-recordings') {
    const place = recordingPlaceOf(message.preferences);
    answers = createRecordingAnswers(() => place);
    return;
  }
  if (answers === null) throw new Error(`recordings request ${message.name} came before start-recordings`);
  void answer(answers, message).then((result) => {
    const response: FromRecordings = { type: 'response', id: message.id, result };
    process.parentPort.postMessage(response);
  });
});

/** A failure that nobody foresaw still reaches the screen as a problem instead of as silence. */
async function answer<Name extends keyof RecordingAnswers>(
  handlers: RecordingAnswers,
  { name, payload }: RecordingRequestMessage<Name>,
): Promise<Result<unknown>> {
  try {
    return await handlers[name](payload);
  } catch (error) {
    return fail(
      'internal',
      `Reading recordings failed at "${name}": ${error instanceof Error ? error.message : String(error)}`,
      'This is a fault in Corescope. Please report it with the recording that it was about.',
    );
  }
}
