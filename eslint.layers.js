/**
 * The whole direction wall: which layer of `src/` may import which others. A layer that is not listed beside a
 * name may not be imported from it, in any form (`import`, `import type`, `export from`, `import()`).
 * `eslint.config.js` turns this table into rules and `tests/boundaries/` proves each of them with a planted offence.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const allowedImports = {
  shared: [],
  engine: ['shared'],
  cli: ['engine', 'shared'],
  main: ['engine', 'shared'],
  preload: ['shared'],
  renderer: ['shared'],
};

/** Layers that may name the `electron` module. */
export const electronLayers = ['main', 'preload'];

/** Layers that run where there is no Node, so no Node built-in may be imported. */
export const nodelessLayers = ['shared', 'renderer'];
