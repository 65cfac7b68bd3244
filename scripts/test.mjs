#!/usr/bin/env node
import { requireNodeVersion } from './lib/node-version.mjs';

requireNodeVersion();
const { runTests } = await import('./lib/run-tests.mjs');
await runTests(process.argv.slice(2));
