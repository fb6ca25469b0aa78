import path from 'node:path';
import { builtinModules } from 'node:module';
import { defineConfig, globalIgnores } from 'eslint/config';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { allowedImports, electronLayers, nodelessLayers } from './eslint.layers.js';

const root = import.meta.dirname;
const layers = Object.keys(allowedImports);

/** One zone per layer: everything else under src is forbidden. */
const zones = Object.entries(allowedImports).map(([layer, allowed]) => ({
  target: path.join(root, 'src', layer),
  from: path.join(root, 'src'),
  except: [layer, ...allowed].map((name) => `./${name}`),
  message: `src/${layer} may import ${allowed.join(', ') || 'nothing'} only (see eslint.layers.js).`,
}));

// Regular expressions and not the rule's gitignore-like groups: a group `process` would also accuse an innocent
// `./views/process/panel.svelte`.
const electronModule = {
  regex: '^electron(/.*)?$',
  message: 'Electron is imported in src/main and src/preload only.',
};
const nodeModule = {
  regex: `^(node:.*|(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})(/.*)?)$`,
  message: 'This layer runs without Node; move the code to src/engine or src/main.',
};

/**
 * `no-restricted-imports` does not look at `import()`, so the same modules are refused there by selector.
 *
 * @param {{ regex: string, message: string }} module
 */
function refuseDynamicImport({ regex, message }) {
  const pattern = regex.replaceAll('/', '\\/');
  return { selector: `ImportExpression[source.value=/${pattern}/]`, message };
}

const restrictedModules = layers
  .map((layer) => ({
    layer,
    modules: [
      ...(electronLayers.includes(layer) ? [] : [electronModule]),
      ...(nodelessLayers.includes(layer) ? [nodeModule] : []),
    ],
  }))
  .filter(({ modules }) => modules.length > 0)
  .map(
    ({ layer, modules }) =>
      /** @type {import('eslint').Linter.Config} */ ({
        files: [`src/${layer}/**/*.{ts,svelte}`],
        rules: {
          '@typescript-eslint/no-restricted-imports': ['error', { patterns: modules }],
          'no-restricted-syntax': ['error', ...modules.map(refuseDynamicImport)],
        },
      }),
  );

export default defineConfig(
  globalIgnores([
    'out/',
    'node_modules/',
    'test-results/',
    'playwright-report/',
    'tests/boundaries/planted/',
  ]),
  {
    files: ['src/**/*.{ts,svelte}', 'tests/**/*.ts', 'bench/**/*.ts', '*.config.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          'src/*/tsconfig.json',
          'src/renderer/drawing/tsconfig.json',
          'tests/tsconfig.json',
          'bench/tsconfig.json',
          'bench/render/page/tsconfig.json',
          'scripts/tsconfig.json',
        ],
        tsconfigRootDir: root,
        extraFileExtensions: ['.svelte'],
        // For the scripts in components: here, and where a cycle is followed from a `.ts` file into one.
        parser: tseslint.parser,
      },
    },
    rules: {
      // Also refuses `import('…')` as a type, a form that the direction wall does not see.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // Under verbatimModuleSyntax `import { type A }` still loads the module when the program runs.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // A switch is complete, or says with a `default` that it means to pass over the rest.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': 'allow-with-description', 'ts-ignore': true, 'ts-nocheck': true },
      ],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    extends: [svelte.configs.recommended],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['**/*.svelte'],
    rules: {
      // ESLint's program knows nothing of another component's props and takes them for `any`. svelte-check knows
      // them; what a component writes as `any` itself is still reported.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['scripts/**/*.mjs', 'packaging/**/*.mjs', 'bin/**/*.js', '*.js'],
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
      'import-x/resolver-next': [
        createTypeScriptImportResolver({ project: path.join(root, 'tsconfig.base.json') }),
      ],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
    },
  },
  ...restrictedModules,
);
