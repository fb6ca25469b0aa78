import { builtinModules } from 'node:module';
import { defineConfig, globalIgnores } from 'eslint/config';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { allowedImports, electronLayers, nodelessLayers } from './eslint.layers.js';

const layers = Object.keys(allowedImports);

/** One zone per layer: everything else under src is forbidden. */
const zones = layers.map((layer) => ({
  target: `./src/${layer}`,
  from: './src',
  except: [layer, ...allowedImports[layer]].map((allowed) => `./${allowed}`),
  message: `src/${layer} may import ${allowedImports[layer].join(', ') || 'nothing'} only (see eslint.layers.js).`,
}));

const noElectron = {
  group: ['electron', 'electron/*'],
  message: 'Electron is imported in src/main and src/preload only.',
};
const noNode = {
  group: ['node:*', ...builtinModules.filter((name) => !name.startsWith('_'))],
  message: 'This layer runs without Node; move the code to src/engine or src/main.',
};

const restrictedPatterns = layers.map((layer) => ({
  files: [`src/${layer}/**/*.{ts,svelte}`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          ...(electronLayers.includes(layer) ? [] : [noElectron]),
          ...(nodelessLayers.includes(layer) ? [noNode] : []),
        ],
      },
    ],
  },
}));

const typed = {
  files: ['src/**/*.{ts,svelte}', 'tests/**/*.ts', '*.config.ts'],
  extends: [tseslint.configs.strictTypeChecked],
  languageOptions: {
    parserOptions: {
      project: [
        'src/*/tsconfig.json',
        'src/renderer/drawing/tsconfig.json',
        'tests/tsconfig.json',
        'scripts/tsconfig.json',
      ],
      extraFileExtensions: ['.svelte'],
    },
  },
  rules: {
    '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    '@typescript-eslint/switch-exhaustiveness-check': 'error',
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    '@typescript-eslint/ban-ts-comment': [
      'error',
      { 'ts-expect-error': 'allow-with-description', 'ts-ignore': true, 'ts-nocheck': true },
    ],
    eqeqeq: 'error',
  },
};

export default defineConfig(
  globalIgnores([
    'out/',
    'node_modules/',
    'test-results/',
    'playwright-report/',
    'tests/boundaries/planted/',
  ]),
  typed,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    extends: [svelte.configs.recommended],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { parser: tseslint.parser },
    },
  },
  {
    files: ['scripts/**/*.mjs', 'bin/**/*.js', '*.js'],
    languageOptions: { globals: globals.node },
    rules: { 'no-undef': 'error', 'no-unused-vars': 'error', eqeqeq: 'error' },
  },
  {
    files: ['src/**/*.{ts,svelte}'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.svelte', '.js'],
      'import-x/parsers': {
        '@typescript-eslint/parser': ['.ts'],
        'svelte-eslint-parser': ['.svelte'],
      },
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'src/*/tsconfig.json' })],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
    },
  },
  ...restrictedPatterns,
);
