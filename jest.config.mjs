/**
 * `unit` needs nothing, `integration` a real Redis and Postgres, `e2e` also a browser and the built plugin. `long`, `long-untimed`,
 * `long-e2e` and `long-e2e-timed` are what `integration` and `e2e` have no time for: `npm run test:all` runs them, and so does
 * whoever names one of their files. Browser tests are on the preview of Grafana 13; `grafana-12` and `long-grafana-12` are the same
 * ones on that of 12. Of those, `npm test` runs the files `*.grafana-12.e2e.test.ts` alone, and `npm run test:all` the short ones.
 * scripts/test.mjs provides what they need and runs them.
 */
const ignored = ['/node_modules/', '/dist/', '<rootDir>/\\.flow', '/\\.config/'];

/** @type {[string, unknown]} */
const swc = [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', tsx: true },
      target: 'es2023',
      transform: { react: { runtime: 'classic' } },
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

/** Packages that @grafana/data requires though they are ES modules only. */
const modules = 'node_modules/(marked|d3-[a-z-]+|internmap)/';

/** @type {import('jest').Config} */
const base = {
  rootDir: '.',
  testEnvironment: 'node',
  testPathIgnorePatterns: ignored,
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/\\.flow'],
  moduleNameMapper: {
    '^@flow-tracking/protocol$': '<rootDir>/protocol/src/index.ts',
    '^@flow-tracking/protocol/model$': '<rootDir>/protocol/src/model/index.ts',
    '^@flow-tracking/express/testing$': '<rootDir>/middleware/src/testing/index.ts',
    '^@flow-tracking/express$': '<rootDir>/middleware/src/index.ts',
    '^@flow-tracking/integrations/([\\w-]+)$': '<rootDir>/integrations/src/$1/index.ts',
    '^@flow-tracking/bridge$': '<rootDir>/bridge/src/index.ts',
  },
  transform: { '\\.tsx?$': swc, [`${modules}.*\\.m?js$`]: swc },
  transformIgnorePatterns: [`/node_modules/(?!${modules.slice('node_modules/'.length)})`],
};

/** Long tests of what no other work on the machine changes: `long` has the machine for itself. */
const untimed = '/(package|levitate)\\.long\\.';

/** Long browser tests that promise a time: they have the machine for themselves, too. */
const timed = '\\.timed\\.long\\.e2e\\.test\\.ts$';

const browserLimits = ['<rootDir>/test/support/browser-limits.ts'];
const onGrafana13 = {
  setupFiles: ['<rootDir>/test/support/on-grafana-13.ts'],
  setupFilesAfterEnv: browserLimits,
};
const onGrafana12 = {
  setupFiles: ['<rootDir>/test/support/on-grafana-12.ts'],
  setupFilesAfterEnv: browserLimits,
};

/** @type {import('jest').Config} */
export const unit = {
  ...base,
  displayName: 'unit',
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  testPathIgnorePatterns: [...ignored, '\\.(integration|e2e)\\.test\\.ts$'],
};

/** @type {import('jest').Config} */
const config = {
  projects: [
    unit,
    {
      ...base,
      displayName: 'integration',
      testMatch: ['**/*.integration.test.ts'],
      testPathIgnorePatterns: [...ignored, '\\.long\\.integration\\.test\\.ts$'],
    },
    {
      ...base,
      displayName: 'long',
      testMatch: ['**/*.long.integration.test.ts'],
      testPathIgnorePatterns: [...ignored, untimed],
    },
    {
      ...base,
      displayName: 'long-untimed',
      testMatch: ['**/*.long.integration.test.ts'],
      testPathIgnorePatterns: [...ignored, `^(?!.*${untimed})`],
    },
    {
      ...base,
      displayName: 'long-e2e',
      testMatch: ['**/*.long.e2e.test.ts'],
      testPathIgnorePatterns: [...ignored, timed],
      ...onGrafana13,
    },
    {
      ...base,
      displayName: 'long-e2e-timed',
      testMatch: ['**/*.timed.long.e2e.test.ts'],
      ...onGrafana13,
    },
    {
      ...base,
      displayName: 'e2e',
      testMatch: ['**/*.e2e.test.ts'],
      testPathIgnorePatterns: [...ignored, '\\.long\\.e2e\\.test\\.ts$'],
      ...onGrafana13,
    },
    {
      ...base,
      displayName: 'grafana-12',
      testMatch: ['**/*.e2e.test.ts'],
      // What datasource and nginx answer does not hang on Grafana's libraries.
      testPathIgnorePatterns: [
        ...ignored,
        '\\.(long|grafana-12)\\.e2e\\.test\\.ts$',
        '/(dashboards-answers|docker-nginx)\\.',
      ],
      ...onGrafana12,
    },
    {
      ...base,
      displayName: 'long-grafana-12',
      testMatch: ['**/*.long.e2e.test.ts'],
      testPathIgnorePatterns: [...ignored, '/behind-nginx\\.'],
      ...onGrafana12,
    },
  ],
  testTimeout: 30_000,
};

export default config;
