import { join } from 'node:path';
import { app, BrowserWindow, dialog, type WebContents } from 'electron';
import { z } from 'zod';
import { thoroughnesses } from '../../shared/differences.ts';
import {
  differencesFormats,
  type DifferencesFormat,
  type DifferencesRequests,
} from '../../shared/differences-requests.ts';
import { succeed, type Result } from '../../shared/result.ts';
import type { Services } from '../services.ts';

/** What a page may send about the table of differences. */
export const differencesSchemas = {
  'differences:state': z.null(),
  'differences:measure': z.strictObject({
    thoroughness: z.enum(thoroughnesses),
    pythonPath: z.string().min(1).max(4096).nullable(),
  }),
  'differences:cancel': z.null(),
  'differences:save': z.strictObject({ format: z.enum(differencesFormats) }),
  'differences:text': z.null(),
} as const satisfies {
  readonly [Channel in keyof DifferencesRequests]: z.ZodType<DifferencesRequests[Channel]['request']>;
};

type DifferencesHandlers = {
  readonly [Channel in keyof DifferencesRequests]: (
    payload: DifferencesRequests[Channel]['request'],
    sender: WebContents,
  ) => Promise<Result<DifferencesRequests[Channel]['response']>>;
};

/** Main asks where to save; the rest it passes to the engine. */
export function differencesHandlers({ request }: Pick<Services, 'request'>): DifferencesHandlers {
  return {
    'differences:state': (payload) => request('differences:state', payload),
    'differences:measure': (payload) => request('differences:measure', payload),
    'differences:cancel': (payload) => request('differences:cancel', payload),
    'differences:text': (payload) => request('differences:text', payload),
    'differences:save': async ({ format }, sender) => {
      const path = await askWhereToSave(sender, format);
      if (path === null) return succeed({ path });
      const written = await request('differences:write', { format, path });
      return written.ok ? succeed({ path }) : written;
    },
  };
}

const formats = {
  json: { name: 'Corescope differences (JSON)', extension: 'json' },
  markdown: { name: 'Table for a document (Markdown)', extension: 'md' },
} as const satisfies Record<DifferencesFormat, { name: string; extension: string }>;

async function askWhereToSave(contents: WebContents, format: DifferencesFormat): Promise<string | null> {
  const { name, extension } = formats[format];
  const options = {
    title: 'Save the differences',
    defaultPath: join(app.getPath('documents'), `corescope-differences.${extension}`),
    filters: [{ name, extensions: [extension] }],
  };
  const window = BrowserWindow.fromWebContents(contents);
  const { canceled, filePath } =
    window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
  return canceled || filePath === '' ? null : filePath;
}
