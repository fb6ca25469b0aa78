import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { recordingExtension } from '../../shared/recording.ts';
import type { RecordingRequests } from '../../shared/recordings-requests.ts';

const anyPath = z.string().max(4096).refine(isAbsolute, 'not an absolute path');

/** What is changed or removed must at least be called a recording. */
const path = anyPath.refine((text) => text.endsWith(recordingExtension), 'not a recording');

const span = { fromMs: z.number(), toMs: z.number() };

/** What a page may send about recordings. */
export const recordingSchemas = {
  'recordings:list': z.null(),
  'recordings:pin': z.strictObject({ path, pinned: z.boolean() }),
  'recordings:edit': z
    .strictObject({
      path,
      title: z.string().max(1000).optional(),
      tags: z.array(z.string().max(1000)).max(1000).optional(),
    })
    .transform(withoutUndefined),
  'recordings:remove': z.strictObject({ path, forGood: z.boolean() }),
  'recordings:reveal': z.strictObject({ path: anyPath }),
  'recordings:choose': z.null(),
  'recordings:compare': z.strictObject({
    paths: z.array(anyPath).min(2).max(8),
    alignBy: z.string().max(1000).nullable(),
  }),
  'recording:open': z.strictObject({ path: anyPath }),
  'recording:span': z.strictObject({ path: anyPath, ...span, columns: z.int().min(1).max(8192) }),
  'recording:processes': z.strictObject({ path: anyPath, ...span }),
  'recording:add-note': z.strictObject({ path, atMs: z.number(), text: z.string().max(4000) }),
  'recording:export': z.strictObject({
    path: anyPath,
    format: z.string().max(40),
    span: z.strictObject(span).nullable(),
  }),
  'recording:close': z.strictObject({ path: anyPath }),
  'foreign:open': z.strictObject({ path: anyPath }),
} as const satisfies {
  readonly [Channel in keyof RecordingRequests]: z.ZodType<RecordingRequests[Channel]['request']>;
};

/** Zod's optional may be there and undefined, which means as much as being absent. */
function withoutUndefined(edit: {
  path: string;
  title?: string | undefined;
  tags?: string[] | undefined;
}): RecordingRequests['recordings:edit']['request'] {
  const { path: file, title, tags } = edit;
  return { path: file, ...(title === undefined ? {} : { title }), ...(tags === undefined ? {} : { tags }) };
}
