import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fail, succeed, type Result } from '../../shared/result.ts';

/** A page of 3 MB takes about two seconds; more than this it takes only where something hangs. */
const printLimitMs = 60_000;

/** Bytes of what Electron complains of that are kept. */
const mostComplaint = 2000;

/** What prints: the program, and the script that it runs. */
export interface PdfPrinter {
  readonly electron: string;
  readonly script: string;
}

/**
 * The page as PDF, printed by Electron, whose Chromium is the one that the page was made for: it needs no display. The
 * page's scripts do not run, and nothing is loaded.
 */
export async function printPdf(
  html: string,
  printer: Result<PdfPrinter> = findPdfPrinter(),
): Promise<Result<Uint8Array>> {
  return await render({ name: 'page.html', content: html }, 'a4', printer);
}

/** Larger pictures than this Chromium does not draw. */
export const largestPicturePx = 16_000;

/** An SVG as PNG of that size, drawn by the same Electron, again without scripts and without loading anything. */
export async function drawPng(
  svg: string,
  size: { readonly widthPx: number; readonly heightPx: number },
  printer: Result<PdfPrinter> = findPdfPrinter(),
): Promise<Result<Uint8Array>> {
  const page = { name: 'picture.svg', content: svg };
  return await render(page, `${size.widthPx}x${size.heightPx}`, printer);
}

async function render(
  { name, content }: { readonly name: string; readonly content: string },
  size: string,
  printer: Result<PdfPrinter>,
): Promise<Result<Uint8Array>> {
  if (!printer.ok) return printer;
  const folder = await mkdtemp(path.join(tmpdir(), 'corescope-print-'));
  try {
    const [page, result] = [path.join(folder, name), path.join(folder, 'result')];
    await writeFile(page, content);
    const complaint = await runPrinter(printer.value, [page, result, path.join(folder, 'chromium'), size]);
    if (complaint !== null) return notPrinted(complaint);
    return succeed(await readFile(result));
  } catch (error) {
    return notPrinted(error instanceof Error ? error.message : String(error));
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Inside the app the app's own Electron; else the one that `CORESCOPE_ELECTRON` names, else that of the project's
 * dependencies.
 */
export function findPdfPrinter(
  environment: NodeJS.ProcessEnv = process.env,
  from: string = import.meta.dirname,
): Result<PdfPrinter> {
  const script = findUpwards(from, path.join('resources', 'pdf', 'print.mjs'));
  const electron =
    environment['CORESCOPE_ELECTRON'] ??
    (process.versions['electron'] === undefined ? installedElectron(from) : process.execPath);
  if (script !== null && electron !== null && existsSync(electron)) return succeed({ electron, script });
  return fail(
    'no-pdf-printer',
    `PDF and PNG are drawn by Electron, and there is none: ${electron ?? 'node_modules/electron has no program'}.`,
    'Get it with: node scripts/electron-runtime.mjs, name one with CORESCOPE_ELECTRON, or export HTML or SVG, which need none.',
  );
}

/** As the package `electron` says it itself; asking it would download one where there is none. */
function installedElectron(from: string): string | null {
  const note = findUpwards(from, path.join('node_modules', 'electron', 'path.txt'));
  return note === null ? null : path.join(path.dirname(note), 'dist', readFileSync(note, 'utf8').trim());
}

function findUpwards(from: string, wanted: string): string | null {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const found = path.join(folder, wanted);
    if (existsSync(found)) return found;
    if (path.dirname(folder) === folder) return null;
  }
}

/** Why it failed; null where it did not. */
function runPrinter({ electron, script }: PdfPrinter, args: readonly string[]): Promise<string | null> {
  const isLinux = process.platform === 'linux';
  const switches = [
    // Chromium refuses to start its sandbox as root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...(isLinux ? ['--ozone-platform=headless'] : []),
    '--log-level=3',
  ];
  // Either would make another program of it.
  const environment = { ...process.env, ELECTRON_RUN_AS_NODE: undefined, NODE_OPTIONS: undefined };
  return new Promise((resolve) => {
    const child = spawn(electron, [...switches, script, ...args], {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: printLimitMs,
      killSignal: 'SIGKILL',
    });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-mostComplaint);
    });
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(null);
      else resolve(`it ended with ${signal ?? `exit code ${code ?? '?'}`}. ${lastLine(complaint)}`.trim());
    });
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function notPrinted(reason: string): Result<never> {
  return fail(
    'pdf-not-printed',
    `Electron did not draw it: ${reason}`,
    'Try: npm start, which says what Electron lacks on this machine; or export HTML or SVG, which need none.',
  );
}
