import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { fail, succeed, type Result } from '../shared/result.ts';
import { heatScales } from '../shared/palette.ts';
import {
  cpuUnits,
  defaultSettings,
  settingLimits,
  themeChoices,
  type AppSettings,
} from '../shared/settings.ts';
import { firstIssue, openJsonStore, type JsonStore } from './json-store.ts';

function limited(name: keyof typeof settingLimits): z.ZodNumber {
  const { min, max } = settingLimits[name];
  return z.number().min(min).max(max);
}

// A relative path would mean another place each time, by where Corescope was started.
const absolutePath = z.string().refine(isAbsolute, 'must be an absolute path');

const fields = {
  theme: z.enum(themeChoices),
  heatScale: z.enum(heatScales),
  cpuUnit: z.enum(cpuUnits),
  uiScale: limited('uiScale'),
  samplerHz: limited('samplerHz'),
  pythonPath: absolutePath.nullable(),
  nodePath: absolutePath.nullable(),
  recordingsFolder: absolutePath.nullable(),
  recordingsBudgetBytes: limited('recordingsBudgetBytes'),
  timeLimitMs: limited('timeLimitMs').int(),
  memoryLimitBytes: limited('memoryLimitBytes').nullable(),
  keepAwake: z.boolean(),
  notifications: z.boolean(),
};

/** What a page may send. `undefined` is not a value of any setting. */
export const settingsChange: z.ZodType<Partial<AppSettings>> = z
  .strictObject(fields)
  .partial()
  .transform((change) => withoutUndefined(change));

/**
 * Of a file: a setting that is missing is as usual, for the file may be from an older Corescope; one that is unknown
 * is passed over, for it may be from a newer one.
 */
const fileSchema: z.ZodType<AppSettings> = z
  .object(fields)
  .partial()
  .transform((known) => ({ ...defaultSettings, ...withoutUndefined(known) }));

function withoutUndefined(
  known: Readonly<Partial<Record<keyof AppSettings, unknown>>>,
): Partial<AppSettings> {
  // Only what is there was checked by the schema, and all of that was.
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

export function openSettings(path: string): JsonStore<AppSettings> {
  return openJsonStore({ path, schema: fileSchema, fallback: defaultSettings, what: 'settings' });
}

export async function exportSettings(settings: AppSettings, path: string): Promise<Result<null>> {
  const { writeFileSafely } = await import('../engine/export/write-file.ts');
  const written = await writeFileSafely(path, `${JSON.stringify(settings, null, 2)}\n`);
  return written.ok ? succeed(null) : written;
}

/** The settings in a file that was exported before; nothing is changed by reading them. */
export async function importSettings(path: string): Promise<Result<AppSettings>> {
  const advice = 'Choose a file that Corescope exported its settings to.';
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail('settings-unreadable', `${path} could not be read as settings: ${reason}.`, advice);
  }
  const checked = fileSchema.safeParse(parsed);
  if (!checked.success) {
    return fail('settings-unreadable', `${path} holds no settings: ${firstIssue(checked.error)}.`, advice);
  }
  const hasOne =
    typeof parsed === 'object' && parsed !== null && Object.keys(fields).some((name) => name in parsed);
  if (!hasOne) return fail('settings-unreadable', `${path} holds none of Corescope's settings.`, advice);
  return succeed(checked.data);
}
