import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { Chunk, RecordingFormat } from './recording-export.ts';
import { tidyColumns, tidyRows } from './tidy-rows.ts';

/** The long table as Parquet, for DuckDB, pandas and their like. Units and descriptions are in its key-value metadata. */
export const parquetFormat: RecordingFormat = {
  extension: '.parquet',
  description: 'the same lines as csv-rows, for DuckDB, pandas, Polars',
  *write(source) {
    const bytes = new ByteWriter();
    const writer = new ParquetWriter({
      writer: bytes,
      schema,
      createdBy: 'corescope',
      kvMetadata: [
        { key: 'corescope.manifest', value: JSON.stringify(source.manifest) },
        { key: 'corescope.columns', value: JSON.stringify(tidyColumns) },
      ],
    });
    let columns = emptyColumns();
    let rows = 0;
    for (const row of tidyRows(source)) {
      for (let index = 0; index < columns.length; index += 1) columns[index]?.push(known(row[index]));
      rows += 1;
      if (rows < rowsPerGroup) continue;
      writeGroup(writer, columns);
      yield take(bytes);
      columns = emptyColumns();
      rows = 0;
    }
    if (rows > 0) writeGroup(writer, columns);
    atOnce(writer.finish());
    yield take(bytes);
  },
};

/** Bounds the memory: 18 columns of 8 bytes and what encoding them takes. Larger groups compress a little better. */
const rowsPerGroup = 65_536;

type Value = number | string | null;

const schema: SchemaElement[] = [
  { name: 'root', num_children: tidyColumns.length },
  ...tidyColumns.map(({ name, type }): SchemaElement =>
    type === 'text'
      ? { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' }
      : { name, type: 'DOUBLE', repetition_type: 'OPTIONAL' },
  ),
];

function emptyColumns(): Value[][] {
  return tidyColumns.map(() => []);
}

function writeGroup(writer: ParquetWriter, columns: readonly Value[][]): void {
  const columnData = tidyColumns.map(({ name }, index) => ({ name, data: columns[index] ?? [] }));
  atOnce(writer.write({ columnData, rowGroupSize: rowsPerGroup }));
}

/** Unknown is null, which tables have a word for; NaN would spoil every mean. */
function known(value: Value | undefined): Value {
  return value === undefined || (typeof value === 'number' && Number.isNaN(value)) ? null : value;
}

/** What has been written since the last call. The writer counts on by itself where the file's offsets are. */
function take(bytes: ByteWriter): Chunk {
  const chunk = bytes.getBytes().slice();
  bytes.index = 0;
  return chunk;
}

/** It only waits for a place to write to that answers later, and ours is memory. */
function atOnce(done: void | Promise<void>): void {
  if (done instanceof Promise) throw new Error('the Parquet writer waits for something');
}
