import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makePassword } from './secrets.mjs';
import { repoRoot } from './settings.mjs';

/** What docker-compose.yml asks for. Made on this machine, so that no two installations share a secret. */
export const SECRETS = [
  'FLOW_READ_TOKEN',
  'FLOW_CONTROL_TOKEN',
  'FLOW_REDIS_PASSWORD',
  'FLOW_POSTGRES_PASSWORD',
  'FLOW_READER_PASSWORD',
  'FLOW_GRAFANA_PASSWORD',
];

/**
 * Writes the secrets that `.env` does not have yet; those it has stay, since the volumes know them.
 *
 * @param {string} [file]
 */
export function writeDockerEnv(file = path.join(repoRoot, '.env')) {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const missing = SECRETS.filter((name) => !new RegExp(`^${name}=.+`, 'm').test(before));
  const separator = before === '' || before.endsWith('\n') ? '' : '\n';
  const lines = missing.map((name) => `${name}=${makePassword()}\n`);
  writeFileSync(file, before + separator + lines.join(''), { mode: 0o600 });
  chmodSync(file, 0o600);
  const done = missing.length === 0 ? 'It has every secret already' : `Wrote ${missing.join(', ')}`;
  process.stdout.write(`${file}: ${done}.\n\n  docker compose up\n\n`);
  process.stdout.write('Grafana: http://localhost:3000, user admin, password FLOW_GRAFANA_PASSWORD of that file.\n');
  process.stdout.write('The API asks for a token: curl -H "authorization: Bearer $FLOW_CONTROL_TOKEN" …\n');
}
