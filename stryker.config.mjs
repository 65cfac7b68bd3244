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

/** Tests beside these files only: those of the panel use the model too, and each mutant would wait for them. */
const testMatch = mutate.map((path) => `**/${path.slice(0, path.lastIndexOf('/'))}/*.test.ts`);

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
const config = {
  mutate,
  testRunner: 'jest',
  coverageAnalysis: 'perTest',
  // No `projects`: Stryker learns which test runs which line only where there is one.
  jest: { config: { ...unit, testMatch, projects: [] } },
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
