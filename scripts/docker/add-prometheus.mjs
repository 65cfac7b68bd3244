// Adds the Prometheus of docker-compose.yml to Grafana as a datasource, or brings it up to date. Run by a container that has nothing
// of this repository but this file, so it imports nothing.
import process from 'node:process';

const DATASOURCE = { name: 'Flow tracking metrics', type: 'prometheus', uid: 'flow-prometheus' };
const TIMEOUT_MS = 10_000;

const url = needed('GRAFANA_URL');
const authorization = `Basic ${Buffer.from(`${needed('GRAFANA_USER')}:${needed('GRAFANA_PASSWORD')}`).toString('base64')}`;
const body = {
  ...DATASOURCE,
  access: 'proxy',
  url: needed('PROMETHEUS_URL'),
  isDefault: false,
  jsonData: { httpMethod: 'POST', timeInterval: '15s' },
};

try {
  let response = await send('PUT', `/api/datasources/uid/${DATASOURCE.uid}`);
  const isNew = response.status === 404;
  if (isNew) response = await send('POST', '/api/datasources');
  if (!response.ok) throw new Error(await explain(response));
  process.stdout.write(`${isNew ? 'Added' : 'Updated'} the datasource "${DATASOURCE.name}" of Grafana.\n`);
} catch (error) {
  process.stderr.write(`add-prometheus: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** @param {string} method @param {string} path */
function send(method, path) {
  return fetch(new URL(path, url), {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

/** @param {Response} response @returns {Promise<string>} what Grafana said, and what to do */
async function explain(response) {
  if (response.status === 401) {
    return `Grafana does not take this password: it was changed since the first start. Add a Prometheus datasource with the URL ${body.url} by hand.`;
  }
  return `Grafana answered ${response.status}: ${(await response.text()).slice(0, 300)}`;
}

/** @param {string} name */
function needed(name) {
  const value = process.env[name];
  if (value) return value;
  process.stderr.write(`add-prometheus: ${name} is not set\n`);
  process.exit(2);
}
