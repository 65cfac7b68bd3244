#!/usr/bin/env node
import { requireNodeVersion } from './lib/node-version.mjs';

requireNodeVersion();
const { checkCompatibility } = await import('./lib/compatibility/check-compatibility.mjs');
await checkCompatibility(process.argv.slice(2));
