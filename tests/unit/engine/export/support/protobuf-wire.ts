/**
 * Protocol Buffers read by their wire format alone (https://protobuf.dev/programming-guides/encoding): fields by
 * number, without the schema and library that wrote them.
 */
export interface Fields {
  /** 0 where there is none, as in proto2 without a default. */
  number(field: number): number;
  double(field: number): number;
  text(field: number): string;
  messages(field: number): Fields[];
  all(field: number): Buffer[];
}

export function readMessage(bytes: Buffer): Fields {
  const varints = new Map<number, bigint>();
  const blobs = new Map<number, Buffer[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at);
      at += 1;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const blob = (field: number, length: number): void => {
    blobs.set(field, [...(blobs.get(field) ?? []), bytes.subarray(at, at + length)]);
    at += length;
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const [field, wire] = [tag >>> 3, tag & 7];
    if (wire === 0) varints.set(field, varint());
    else if (wire === 1) blob(field, 8);
    else if (wire === 2) blob(field, Number(varint()));
    else if (wire === 5) blob(field, 4);
    else throw new Error(`wire type ${wire} at ${at}`);
  }
  const all = (field: number): Buffer[] => blobs.get(field) ?? [];
  return {
    number: (field) => Number(varints.get(field) ?? 0n),
    double: (field) => all(field)[0]?.readDoubleLE() ?? Number.NaN,
    text: (field) => all(field)[0]?.toString('utf8') ?? '',
    messages: (field) => all(field).map(readMessage),
    all,
  };
}
