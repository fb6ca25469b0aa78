import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * How packages of Corescope are made; `npm run package` (scripts/package.mjs) calls electron-builder with it. Linux is
 * tried, macOS and Windows are written by the book and never tried.
 */

/** Which Electron goes in: the one that `npm start` runs (scripts/electron-runtime.mjs). Set by scripts/package.mjs. */
const electronDist = process.env['CORESCOPE_ELECTRON_DIST'] ?? 'node_modules/electron/dist';
const electronVersion = process.env['CORESCOPE_ELECTRON_VERSION'] ?? null;

const recording = { ext: 'corescope', name: 'Corescope recording', description: 'Corescope recording' };

export default {
  appId: 'io.corescope.app',
  productName: 'Corescope',
  copyright: 'MIT',
  directories: { output: 'out/package', buildResources: 'packaging' },
  electronDist,
  ...(electronVersion === null ? {} : { electronVersion }),
  // Nothing to rebuild: the one native module (koffi) ships N-API binaries, which any Electron loads.
  npmRebuild: false,
  // No archive: run hosts, workers, the command line and the Python side are read by the user's own node and python3,
  // which know nothing of asar; they are most of the files.
  asar: false,
  files: [
    'package.json',
    'bin/**',
    'out/{main,preload,renderer,node,native}/**',
    '!out/native/*.stamp',
    'resources/**',
    '!**/__pycache__/**',
    { from: 'packaging', to: '.', filter: ['packaged-main.mjs'] },
    // Of what the programs import these parts are never loaded: bundles, sources and types.
    '!node_modules/echarts/{dist,i18n,theme,types,ssr,build,asset,src,licenses}/**',
    '!node_modules/zrender/{dist,src,build}/**',
    '!node_modules/zod/src/**',
    '!node_modules/@fontsource-variable/**',
    '!**/*.{d.ts,d.mts,d.cts,map}',
  ],
  extraMetadata: {
    main: 'packaged-main.mjs',
    desktopName: 'corescope-app.desktop',
    // Wanted by the deb and without meaning there, for this project has no page on the web.
    homepage: 'https://corescope.invalid/',
  },
  electronFuses: {
    // What is installed must not be made another program by a variable or a switch.
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableCookieEncryption: true,
    loadBrowserProcessSpecificV8Snapshot: false,
  },
  /** @param {{ appOutDir: string }} context */
  afterExtract: ({ appOutDir }) => rm(join(appOutDir, 'resources', 'default_app.asar'), { force: true }),

  linux: {
    // The plain name is the command line's.
    executableName: 'corescope-app',
    // .tar.gz is made of the folder by scripts/package.mjs, with the system's tar.
    target: ['dir', 'deb'],
    icon: 'packaging/icons',
    category: 'Development',
    synopsis: 'Threads or processes, and how many? Measured on your own machine',
    maintainer: 'The Corescope authors <corescope@localhost>',
    mimeTypes: ['application/x-corescope-recording'],
    // %F: as paths. The usual %U would hand over file:// addresses.
    executableArgs: ['%F'],
    syncDesktopName: true,
    desktop: {
      entry: { Keywords: 'profiler;cpu;cores;threads;processes;benchmark;', GenericName: 'Profiler' },
    },
  },
  deb: {
    packageCategory: 'devel',
    depends: [
      'libgtk-3-0 | libgtk-3-0t64',
      'libnss3',
      'libasound2 | libasound2t64',
      'libgbm1',
      // Opened when the app runs, which ends without a word where it is not there.
      'libx11-xcb1',
      'xdg-utils',
      'shared-mime-info',
      'desktop-file-utils',
    ],
    // Node runs the command line and what is measured in JavaScript; Python what is measured in Python.
    recommends: ['nodejs (>= 20.19)', 'python3', 'procps', 'libnotify4'],
    compression: 'xz',
    fpm: [
      'packaging/linux/corescope=/usr/bin/corescope',
      'packaging/linux/corescope-recording.xml=/usr/share/mime/packages/corescope.xml',
      'packaging/icons/512x512.png=/usr/share/icons/hicolor/512x512/mimetypes/application-x-corescope-recording.png',
      'docs/corescope.1=/usr/share/man/man1/corescope.1',
    ],
  },

  mac: {
    category: 'public.app-category.developer-tools',
    target: ['dmg', 'zip'],
    fileAssociations: [recording],
  },
  win: { target: ['nsis', 'zip'], fileAssociations: [recording] },
  nsis: { oneClick: false, perMachine: false },
};
