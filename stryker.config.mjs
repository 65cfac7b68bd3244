import { unit } from './jest.config.mjs';

/**
 * What `npm run mutants` breaks, to see whether a unit test beside it fails. These are the parts in which a wrong sign shows nowhere
 * else: how events become a flow, what is dropped, who comes in, and what is counted. CONTRIBUTING.md says when to run it.
 */
const mutate = [
  'protocol/src/model/!(*.test).ts',
  'middleware/src/record/!(*.test).ts',
  'bridge/src/access/!(*.test).ts',
  'bridge/src/query/stats/{percentiles,histogram-slots,figure-sums}.ts',
  'bridge/src/ingest/{call-facts,count-changes,roll-up,rows-of-events,slots}.ts',
];

/**
 * Tests beside these files only: those of the panel use the model too, and each mutant would wait for them. `FLOW_MUTANT_TESTS`
 * names fewer. Stryker's own `-t` would count as alive what runs while a file loads, whatever the tests say
 * (https://github.com/stryker-mutator/stryker-js/issues/6144).
 */
const named = process.env.FLOW_MUTANT_TESTS?.split(',');
const testMatch = (named ?? mutate.map((path) => `${path.slice(0, path.lastIndexOf('/'))}/*.test.ts`)).map(
  (path) => `**/${path}`,
);

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
const config = {
  mutate,
  testRunner: 'jest',
  coverageAnalysis: 'perTest',
  // No `projects`: Stryker learns which test runs which line only where there is one.
  // Which tests are related to a file is worked out anew for each mutant, and needless where the tests are named.
  jest: { config: { ...unit, testMatch, projects: [] }, enableFindRelatedTests: named === undefined },
  concurrency: 1,
  thresholds: { high: 90, low: 90, break: 90 },
  reporters: ['clear-text', 'progress', 'html'],
  clearTextReporter: { reportTests: false },
  htmlReporter: { fileName: '.flow/mutants/report.html' },
  jsonReporter: { fileName: '.flow/mutants/report.json' },
  incrementalFile: '.flow/mutants/incremental.json',
  tempDirName: '.flow/mutants/sandbox',
  ignorePatterns: ['.flow*', 'dist', 'preview', 'docs', 'grafana-plugin', '*.tsbuildinfo'],
};

export default config;
