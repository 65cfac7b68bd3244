#!/usr/bin/env node
import { requireNodeVersion } from './lib/node-version.mjs';

requireNodeVersion();
const { writeDockerEnv } = await import('./lib/docker-env.mjs');
writeDockerEnv();
