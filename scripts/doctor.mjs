#!/usr/bin/env node
import { requireNodeVersion } from './lib/node-version.mjs';

const HELP = `Usage: npm run doctor -- [--bridge-url URL] [--user ID] [--json]

Finds out why flows are not seen: looks from this machine at Redis, Postgres and the bridge, then has the bridge look at
everything that a flow passes and send a test flow through it. Each line says what was found, and what to do. Changes nothing.

  --bridge-url URL      where the bridge is             default: FLOW_BRIDGE_URL, else http://127.0.0.1:8090
  --user ID             also: is this user monitored?
  --json                the same as JSON
  --help                print this

  FLOW_READ_TOKEN       a read token of the bridge      default: the first of FLOW_READ_TOKENS
  FLOW_CONTROL_TOKEN    a control token                 default: the first of FLOW_CONTROL_TOKENS
  REDIS_URL             looked at from here when it is set
  DATABASE_URL          looked at from here when it is set

Exit code: 0 all is well or only warned of, 1 something fails, 2 the arguments are wrong.
`;

requireNodeVersion();
// Loaded only now: a Node that is too old could not even parse them.
const { readDoctorSettings } = await import('./lib/doctor/doctor-settings.mjs');
const { SetupError, printFailure } = await import('./lib/setup-error.mjs');
try {
  const settings = readDoctorSettings(process.argv.slice(2));
  if (settings === 'help') process.stdout.write(HELP);
  else {
    const { examine } = await import('./lib/doctor/examine.mjs');
    const { printChecks } = await import('./lib/doctor/print-checks.mjs');
    const checks = await examine(settings);
    printChecks(checks, settings);
    process.exitCode = checks.some(({ status }) => status === 'fail') ? 1 : 0;
  }
} catch (error) {
  printFailure(error);
  process.exitCode = error instanceof SetupError ? 2 : 1;
}
