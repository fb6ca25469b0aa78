import type { z } from 'zod';
import { MalformedBlock } from './bytes.ts';

export function encodeJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value), 'utf8');
}

/** Throws `MalformedBlock` where the payload is not JSON of that shape. */
export function decodeJson<Value>(payload: Uint8Array, shape: z.ZodType<Value>, what: string): Value {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8'));
  } catch {
    throw new MalformedBlock(`${what} is not JSON`);
  }
  const checked = shape.safeParse(parsed);
  if (checked.success) return checked.data;
  const where = checked.error.issues[0]?.path.join('.') ?? '';
  throw new MalformedBlock(`${what} is not as the format has it${where === '' ? '' : `: ${where}`}`);
}
