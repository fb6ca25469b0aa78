import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { experimentToJson } from '../../../../src/engine/export/json.ts';
import { experimentJsonSchema } from '../../../../src/engine/export/json-schema.ts';
import { experimentFrom } from './sample-experiment.ts';

const shipped = path.resolve(import.meta.dirname, '../../../../docs/experiment.schema.json');

it('the shipped JSON Schema is that of the documents (update: npx vitest run -u)', async () => {
  await expect(experimentJsonSchema()).toMatchFileSnapshot(shipped);
});

it('takes a document that Corescope wrote, and refuses one without its times', () => {
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(shipped, 'utf8')) as z.core.JSONSchema.JSONSchema);
  const document = JSON.parse(experimentToJson(experimentFrom())) as Record<string, unknown>;
  expect(schema.safeParse(document)).toMatchObject({ success: true });
  expect(schema.safeParse({ ...document, durationMs: 'long' })).toMatchObject({ success: false });
  expect(schema.safeParse({ ...document, strategies: [{}] })).toMatchObject({ success: false });
});
