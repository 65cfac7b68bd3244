#!/usr/bin/env node
import { requireNodeVersion } from './lib/node-version.mjs';

requireNodeVersion();
const { checkCatalogue } = await import('./lib/catalogue/check-catalogue.mjs');
await checkCatalogue(process.argv.slice(2));
