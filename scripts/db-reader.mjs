#!/usr/bin/env node
import { requireNodeVersion } from './lib/node-version.mjs';

const HELP = `Usage: npm run db:reader

Creates, or brings up to date, the role by which Grafana reads history: it reads every table of the schema flow, those of
days to come included, and changes nothing. Can be run again at any time, also to change the password. The schema must be
there; npm run migrate makes it.

  DATABASE_URL               the database, by a role that owns the schema and may create roles
  FLOW_READER_PASSWORD       password of the role; or
  FLOW_READER_PASSWORD_FILE  a file that holds it
  FLOW_READER_ROLE           name of the role             default: flow_reader
`;

requireNodeVersion();
const [argument] = process.argv.slice(2);
if (argument === '--help' || argument === '-h') {
  process.stdout.write(HELP);
} else if (argument !== undefined) {
  process.stderr.write(`✖ Unknown argument: ${argument}\n\n${HELP}`);
  process.exitCode = 2;
} else {
  // Loaded only now: a Node that is too old could not even parse them.
  const { readReaderSettings } = await import('./lib/reader-settings.mjs');
  const { printFailure } = await import('./lib/setup-error.mjs');
  try {
    const settings = readReaderSettings();
    const { provideReader } = await import('./lib/db-reader.mjs');
    process.stdout.write(`${await provideReader(settings)}\n`);
  } catch (error) {
    printFailure(error);
    process.exitCode = 1;
  }
}
