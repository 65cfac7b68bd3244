#!/usr/bin/env node
import { requireNodeVersion } from './lib/node-version.mjs';

requireNodeVersion();
const { migrate } = await import('./lib/migrate.mjs');
await migrate();
