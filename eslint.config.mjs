import eslint from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * The bridge's rooms, lowest first, and the rooms that each may import beside itself. What stands beside the rooms wires
 * them: none imports it, but for these two, which all may import.
 */
const bridgeRooms = {
  'errors.ts': [],
  'environment.ts': [],
  'config.ts': ['errors.ts', 'environment.ts'],
  platform: [],
  access: ['platform'],
  http: ['platform', 'access'],
  ingest: ['platform'],
  query: ['platform', 'access', 'http'],
  monitoring: ['platform', 'access', 'http', 'ingest'],
  live: ['platform', 'access', 'http', 'ingest', 'query'],
  otlp: ['platform', 'access', 'http'],
  upkeep: ['platform', 'ingest'],
  'span-export': ['platform', 'query'],
  checks: ['platform', 'access', 'http', 'ingest', 'live'],
  metrics: ['platform', 'http', 'ingest', 'span-export'],
};

const bridgeZones = Object.entries(bridgeRooms).map(([room, imports]) => ({
  target: `./bridge/src/${room}`,
  from: './bridge/src',
  except: [...(room.endsWith('.ts') ? [] : ['errors.ts', 'config.ts']), room, ...imports].map((name) => `./${name}`),
  message: `${room} may import ${imports.join(', ') || 'no other room'}: see bridgeRooms in eslint.config.mjs.`,
}));

/** The middleware's rooms, lowest first; `redis` and `flow` stand beside each other. */
const middlewareRooms = ['encode', 'record', 'redis', 'flow', 'express', 'testing'];
const middlewareSiblings = new Set(['flow>redis']);

const middlewareZones = middlewareRooms.flatMap((target, i) =>
  middlewareRooms
    .filter((from, j) => j > i || middlewareSiblings.has(`${target}>${from}`))
    .map((from) => ({
      target: `./middleware/src/${target}/!(*.test).ts`,
      from: `./middleware/src/${from}`,
      message: `Imports flow one way: ${target} must not import ${from}.`,
    })),
);

const packageZones = [
  { target: './protocol', from: ['./middleware', './integrations', './bridge', './grafana-plugin'] },
  { target: './middleware', from: ['./integrations', './bridge', './grafana-plugin'] },
  { target: './integrations', from: ['./bridge', './grafana-plugin'] },
  { target: './bridge', from: ['./middleware', './integrations', './grafana-plugin'] },
  { target: './grafana-plugin', from: ['./middleware', './integrations', './bridge'] },
].map((zone) => ({
  ...zone,
  message: 'Imports flow one way: protocol ← middleware, integrations, bridge, grafana-plugin.',
}));

export default tseslint.config(
  {
    ignores: ['**/node_modules/', '**/dist/', '**/.flow*/', '**/.cache/', 'grafana-plugin/.config/', 'preview/libs*/'],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.recommendedTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [importX.createNodeResolver({ extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'] })],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // The index-signature form is what TypeScript's noPropertyAccessFromIndexSignature style asks for.
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      // A recursive type (JSON) can't be written as a Record.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': ['error', { zones: [...packageZones, ...bridgeZones, ...middlewareZones] }],
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only config.ts (or resolve-options.ts) reads the environment.',
        },
      ],
    },
  },
  {
    files: [
      '**/config.ts',
      '**/resolve-options.ts',
      '**/*.test.ts',
      '**/*.test.tsx',
      'test/**',
      'preview/**',
      'grafana-plugin/webpack.config.ts',
      'grafana-plugin/e2e/playwright.config.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['grafana-plugin/webpack.config.ts', 'grafana-plugin/e2e/playwright.config.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  {
    files: ['**/*.test.ts', '**/*.test.tsx', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['integrations/src/**/*.ts'],
    ignores: ['**/*.test.ts', 'integrations/src/testing/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!node:|\\.|@flow-tracking/protocol$)',
              allowTypeImports: true,
              message: 'Only types: nothing is loaded that the application does not load itself.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['bridge/src/**/*.ts'],
    ignores: ['bridge/src/platform/postgres/**', '**/*-store.ts', '**/*-sql.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...['Literal[value=/SQL/]', 'TemplateElement[value.raw=/SQL/]'].map((selector) => ({
          selector: selector.replace('SQL', String.raw`\b(SELECT |INSERT INTO|DELETE FROM|UPDATE flow\.)`),
          message: 'SQL stands in platform/postgres/, *-store.ts and *-sql.ts only.',
        })),
      ],
    },
  },
  {
    files: ['preview/src/**'],
    rules: {
      // It stands in for parts of Grafana that do nothing here, throws their FetchError, which is no Error, and reads
      // JSON and variables in which an empty text is no value.
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-nullish-coalescing': 'off',
    },
  },
  {
    // CommonJS packages are handed to the plugins as they are.
    files: ['preview/src/vendor/vendor.ts'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        clearInterval: 'readonly',
        clearTimeout: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        process: 'readonly',
        setInterval: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
);
