#!/usr/bin/env node
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { DASHBOARDS } from './lib/dashboards/index.mjs';
import { repoRoot } from './lib/settings.mjs';

const USAGE = `Usage: npm run build:dashboards [-- --check]

Writes the provisioned dashboards from scripts/lib/dashboards/. --check writes nothing, and ends with 1 when a file is not
what would be written.
`;

const args = process.argv.slice(2);
const unknown = args.find((arg) => arg !== '--check' && arg !== '--help');
if (unknown !== undefined) {
  process.stderr.write(`build:dashboards: unknown argument ${unknown}\n\n${USAGE}`);
  process.exit(2);
}
if (args.includes('--help')) {
  process.stdout.write(USAGE);
  process.exit(0);
}

const dir = path.join(repoRoot, 'provisioning/dashboards/flow-tracking');
const style = await resolveConfig(path.join(dir, 'dashboard.json'));
mkdirSync(dir, { recursive: true });
const stale = [];
for (const [name, json] of Object.entries(DASHBOARDS)) {
  const file = path.join(dir, name);
  const text = await format(JSON.stringify(json), { ...style, parser: 'json' });
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  stale.push(name);
  if (!args.includes('--check')) writeFileSync(file, text);
}
if (args.includes('--check') && stale.length > 0) {
  process.stderr.write(`Not as scripts/lib/dashboards/ has them: ${stale.join(', ')}. Run npm run build:dashboards.\n`);
  process.exit(1);
}
process.stdout.write(`${Object.keys(DASHBOARDS).length} dashboards, ${stale.length} of them written\n`);
