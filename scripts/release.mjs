#!/usr/bin/env node
import { requireNodeVersion } from './lib/node-version.mjs';

const HELP = `Usage: npm run release -- <version> [--dry-run]

Prepares a release, and does no more: sets the version in all packages, the lock file and the pages that name it, and puts what
the changelogs have under "Unreleased" under the version and its date. What comes next (commit, tag, push) is printed, for you to do.
Grafana's plugin.json files take the version from grafana-plugin/package.json when they are built.

  <version>    such as 1.2.3 or 1.2.3-rc.1, not below the present one
  --dry-run    print what would change, and change nothing
  --help       print this

Exit code: 0 prepared, 1 refused, 2 the arguments are wrong.
`;

requireNodeVersion();
// Loaded only now: a Node that is too old could not even parse them.
const { readReleaseSettings } = await import('./lib/release/release-settings.mjs');
const { printFailure } = await import('./lib/setup-error.mjs');
let exitCode = 2;
try {
  const settings = readReleaseSettings(process.argv.slice(2));
  if (settings === 'help') process.stdout.write(HELP);
  else {
    exitCode = 1;
    const { prepareRelease } = await import('./lib/release/prepare-release.mjs');
    prepareRelease(settings);
  }
  exitCode = 0;
} catch (error) {
  printFailure(error);
}
process.exitCode = exitCode;
