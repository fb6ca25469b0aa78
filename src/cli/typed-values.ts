import { decimalByteUnits } from '../shared/byte-units.ts';
import { fail, succeed, type Result } from '../shared/result.ts';

/**
 * Words of the command line as values. A number that cannot be read stays the text it was, so that the problem can
 * show it.
 */
export function readNumber(text: string | undefined): number | string | undefined {
  if (text === undefined || text.trim() === '') return text;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

const byteUnits: Readonly<Record<string, number>> = {
  ...decimalByteUnits,
  ki: 2 ** 10,
  kib: 2 ** 10,
  mi: 2 ** 20,
  mib: 2 ** 20,
  gi: 2 ** 30,
  gib: 2 ** 30,
  ti: 2 ** 40,
  tib: 2 ** 40,
};

/** `500MB`, `1.5 GiB`, `2g` or plain bytes; the text itself where it is no such thing. */
export function readBytes(text: string): number | string {
  const [, digits = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const factor = byteUnits[unit.toLowerCase()];
  return digits === '' || factor === undefined ? text : Math.round(Number(digits) * factor);
}

/** `name=value` each; fails for one without a value. */
export function readParams(texts: readonly string[]): Result<Readonly<Record<string, unknown>>> {
  const params: [string, unknown][] = [];
  for (const text of texts) {
    const [name = '', ...value] = text.split('=');
    if (value.length === 0 || name === '') {
      return fail(
        'invalid-parameter',
        `--param ${text} is not a name with a value.`,
        `Write it like --param n=1000000.`,
      );
    }
    params.push([name.trim(), readNumber(value.join('='))]);
  }
  return succeed(Object.fromEntries(params));
}
