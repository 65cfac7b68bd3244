import path from 'node:path';
import { unit } from '../../jest.config.mjs';

/** Packages that older SDKs require though they are ES modules only. */
const modules = 'node_modules/(p-retry|is-network-error)/';
const swc = unit.transform?.['\\.tsx?$'] ?? '@swc/jest';

/** `scripts/check-peers.mjs` runs tests with it. @type {import('jest').Config} */
const config = {
  ...unit,
  displayName: 'peers',
  rootDir: path.resolve(import.meta.dirname, '../..'),
  resolver: path.join(import.meta.dirname, 'peers-resolver.cjs'),
  transform: { '\\.tsx?$': swc, [`${modules}.*\\.m?js$`]: swc },
  transformIgnorePatterns: [`/node_modules/(?!${modules.slice('node_modules/'.length)})`],
};

export default config;
