#!/usr/bin/env node
import { requireNodeVersion } from './lib/node-version.mjs';

requireNodeVersion();
const { zipPlugin } = await import('./lib/catalogue/zip-plugin.mjs');
await zipPlugin();
