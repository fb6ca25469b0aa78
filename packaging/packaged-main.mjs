import { join } from 'node:path';

/**
 * Where a packaged Corescope begins. A packaged Electron always starts its own app, so the printing of a PDF, which
 * starts Electron once more with a script as its first word, is let through here: that one script of ours, no other.
 */
const printer = join(import.meta.dirname, 'resources', 'pdf', 'print.mjs');
await import(process.argv.includes(printer) ? './resources/pdf/print.mjs' : './out/main/index.js');
