import { fail, succeed, type Result } from '../../shared/result.ts';
import { firefoxFormat } from './firefox-profile.ts';
import { parquetFormat } from './parquet.ts';
import { perfettoFormat } from './perfetto.ts';
import { csvFormat, csvRowsFormat } from './recording-csv.ts';
import { htmlFormat, markdownFormat, pdfFormat } from './recording-document.ts';
import type { ForeignRecordingFormat, RecordingFormat } from './recording-export.ts';
import { jsonFormat, ndjsonFormat } from './recording-json.ts';
import { pngCoresFormat, pngFormat, svgFormat } from './recording-picture.ts';
import { openMetricsFormat } from './recording-metrics.ts';
import { speedscopeFormat } from './speedscope.ts';
import { traceEventFormat } from './trace-events.ts';

export type AnyRecordingFormat = RecordingFormat | ForeignRecordingFormat;

/** Every format that a recording can be exported to (docs/exports.md), by the name that the user gives. */
export const recordingFormats = {
  csv: csvFormat,
  'csv-rows': csvRowsFormat,
  json: jsonFormat,
  ndjson: ndjsonFormat,
  parquet: parquetFormat,
  perfetto: perfettoFormat,
  'trace-json': traceEventFormat,
  firefox: firefoxFormat,
  speedscope: speedscopeFormat,
  openmetrics: openMetricsFormat,
  html: htmlFormat,
  pdf: pdfFormat,
  markdown: markdownFormat,
  svg: svgFormat,
  png: pngFormat,
  'png-cores': pngCoresFormat,
} as const satisfies Record<string, AnyRecordingFormat>;

export type RecordingFormatName = keyof typeof recordingFormats;

export const recordingFormatNames: readonly string[] = Object.keys(recordingFormats);

export function findRecordingFormat(name: string): Result<AnyRecordingFormat> {
  const found = Object.entries(recordingFormats).find(([candidate]) => candidate === name);
  return found === undefined
    ? fail(
        'unknown-format',
        `There is no format "${name}".`,
        `Choose one of: ${recordingFormatNames.join(', ')}.`,
      )
    : succeed(found[1]);
}

/** Where an export goes that nobody named a place for: beside the recording. */
export function exportPathOf(recordingPath: string, { extension }: AnyRecordingFormat): string {
  return recordingPath.replace(/\.corescope$/, '') + extension;
}
