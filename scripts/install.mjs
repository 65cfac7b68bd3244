#!/usr/bin/env node
import { requireNodeVersion } from './lib/node-version.mjs';

requireNodeVersion();
const { installAll } = await import('./lib/install-all.mjs');
await installAll();
