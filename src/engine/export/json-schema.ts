import { z } from 'zod';
import { experimentSchema } from './experiment-schema.ts';

/**
 * The experiment document as JSON Schema, draft 2020-12, as it is read: fields that came later may be absent, fields
 * that are not named may be there. `docs/experiment.schema.json` holds it. Ends with a line feed.
 */
export function experimentJsonSchema(): string {
  const schema = z.toJSONSchema(experimentSchema, { io: 'input', unrepresentable: 'any' });
  return `${JSON.stringify({ title: 'A Corescope experiment', ...schema }, null, 2)}\n`;
}
