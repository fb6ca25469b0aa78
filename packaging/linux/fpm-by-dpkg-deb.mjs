#!/usr/bin/env node
/**
 * Stands in for fpm, which electron-builder calls to make a .deb and would fetch from GitHub: understands the words
 * that electron-builder gives it (app-builder-lib, targets/FpmTarget.js), lays the files out and calls dpkg-deb.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ignored = ['-s', '-t', '--log', '--vendor', '--license', '--iteration'];
/** Words without a value. */
const flags = ['--force', '--debug'];

/**
 * @typedef {object} Wish
 * @property {Readonly<Record<string, readonly string[]>>} options by the name with its dashes; each may stand more than once
 * @property {readonly { from: string, to: string }[]} files `from/` means what is inside it
 */

/**
 * @param {readonly string[]} words
 * @returns {Wish}
 */
export function readWords(words) {
  /** @type {Record<string, string[]>} */
  const options = {};
  /** @type {{ from: string, to: string }[]} */
  const files = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (flags.includes(word)) continue;
    if (word.startsWith('-')) {
      index += 1;
      if (!ignored.includes(word)) (options[word] ??= []).push(words[index] ?? '');
      continue;
    }
    const [from = '', to = ''] = word.split('=');
    files.push({ from, to });
  }
  return { options, files };
}

/**
 * The file `control` of the package.
 *
 * @param {Wish['options']} options
 * @param {number} installedKib
 */
export function controlText(options, installedKib) {
  /** @param {string} name */
  const one = (name) => options[name]?.at(-1) ?? '';
  const [synopsis = '', ...description] = one('--description').split('\n');
  /** @type {readonly (readonly [string, string])[]} */
  const fields = [
    ['Package', one('--name')],
    ['Version', one('--version')],
    ['Architecture', one('--architecture')],
    ['Section', one('--category')],
    ['Priority', one('--deb-priority')],
    ['Installed-Size', String(installedKib)],
    ['Maintainer', one('--maintainer')],
    ['Depends', (options['-d'] ?? []).join(', ')],
    ['Recommends', (options['--deb-recommends'] ?? []).join(', ')],
    ['Homepage', one('--url').includes('.invalid') ? '' : one('--url')],
    ['Description', [synopsis, ...description.map((line) => ` ${line.trim()}`)].join('\n')],
  ];
  return fields
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

/**
 * What a package holds belongs to all: readable, and executable where the maker may execute it.
 *
 * @param {string} path
 * @returns {number} bytes
 */
function settle(path) {
  const { mode, size } = lstatSync(path);
  if ((mode & 0o170000) === 0o120000) return size;
  const isFolder = (mode & 0o170000) === 0o040000;
  chmodSync(path, isFolder || (mode & 0o100) !== 0 ? 0o755 : 0o644);
  if (!isFolder) return size;
  return readdirSync(path).reduce((bytes, name) => bytes + settle(join(path, name)), 4096);
}

/** @param {Wish} wish */
function makePackage({ options, files }) {
  const root = mkdtempSync(join(tmpdir(), 'corescope-deb-'));
  try {
    for (const { from, to } of files) {
      mkdirSync(dirname(join(root, to)), { recursive: true });
      cpSync(from, join(root, to), { recursive: true, verbatimSymlinks: true });
    }
    const bytes = settle(root);
    mkdirSync(join(root, 'DEBIAN'));
    writeFileSync(join(root, 'DEBIAN', 'control'), controlText(options, Math.ceil(bytes / 1024)));
    for (const [option, script] of [
      ['--after-install', 'postinst'],
      ['--after-remove', 'postrm'],
    ]) {
      const source = options[option ?? '']?.at(-1);
      if (source === undefined || script === undefined) continue;
      cpSync(source, join(root, 'DEBIAN', script));
      chmodSync(join(root, 'DEBIAN', script), 0o755);
    }
    const compression = options['--deb-compression']?.at(-1) ?? 'xz';
    const target = options['--package']?.at(-1) ?? '';
    execFileSync(
      'dpkg-deb',
      [
        '--root-owner-group',
        `-Z${compression}`,
        ...(compression === 'xz' ? ['-z1'] : []),
        '--build',
        root,
        target,
      ],
      { stdio: 'inherit' },
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  makePackage(readWords(process.argv.slice(2)));
