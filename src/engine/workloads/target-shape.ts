import { z } from 'zod';

/** A user's own work as it comes from outside: from the command line, the page, or a document. */
export const targetShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('module'), path: z.string().min(1) }),
  z.object({
    kind: z.literal('function'),
    path: z.string().min(1),
    functionName: z.string().min(1),
    args: z.array(z.json()),
  }),
  z.object({
    kind: z.literal('command'),
    argv: z.array(z.string()).min(1),
    cwd: z.string().min(1).nullable(),
    stdinFile: z.string().min(1).nullable(),
    environment: z.record(z.string(), z.string()),
  }),
]);
