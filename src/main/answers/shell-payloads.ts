import { z } from 'zod';
import { menuSections, windowActions } from '../../shared/shell-requests.ts';
import { settingsChange } from '../settings.ts';

const path = z.string().min(1).max(4096);

const pagePixels = z.number().min(0).max(20_000);

const menuCommand = z.strictObject({
  id: z.string().max(100),
  title: z.string().max(200),
  section: z.enum(menuSections),
  group: z.int(),
  shortcut: z.string().max(60).nullable(),
  enabled: z.boolean(),
  checked: z.boolean().nullable(),
});

/** What a page may send about settings, windows, menu, files and recent items. */
export const shellSchemas = {
  'settings:read': z.null(),
  'settings:change': settingsChange,
  'settings:export': z.null(),
  'settings:import': z.null(),
  'node:describe': z.strictObject({ path }),
  'recent:list': z.null(),
  'recent:add-recording': z.strictObject({ path }),
  'recent:clear': z.null(),
  'experiment:replay': z.null(),
  'files:take': z.null(),
  'menu:set': z.array(menuCommand).max(200),
  'view:save-picture': z.strictObject({
    left: pagePixels,
    top: pagePixels,
    width: pagePixels.min(1),
    height: pagePixels.min(1),
  }),
  'window:do': z.strictObject({ action: z.enum(windowActions) }),
};
