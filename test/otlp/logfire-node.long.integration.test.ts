import { cp } from 'node:fs/promises';
import path from 'node:path';
import { emptyProject, type NpmProject } from '../support/npm-project';
import { describeAgent } from './agent-suite';

/** With what it wants beside it, three hundred packages in all: nothing that every `npm ci` of this repository is to fetch. */
const OTEL = '0.222.0';
const PACKAGES = [
  '@pydantic/logfire-node@0.18.25',
  '@opentelemetry/api@1.9.1',
  '@opentelemetry/sdk-trace-base@2.11.0',
  ...['api-logs', 'sdk-node', 'sdk-logs', 'instrumentation'].map((name) => `@opentelemetry/${name}@${OTEL}`),
  ...['logs', 'metrics', 'trace'].map((kind) => `@opentelemetry/exporter-${kind}-otlp-proto@${OTEL}`),
];
const FILES = ['agent.mjs', 'logfire-node.mjs'];

let project: NpmProject | undefined;

beforeAll(async () => {
  project = await emptyProject();
  const { dir } = project;
  await project.install('--save-exact', ...PACKAGES);
  await Promise.all(FILES.map((file) => cp(path.join(__dirname, file), path.join(dir, file))));
}, 300_000);

afterAll(() => project?.remove());

describeAgent("Logfire's Node SDK", {
  file: () => path.join(project!.dir, 'logfire-node.mjs'),
  // Logfire sends the token as it is, without a scheme before it.
  env: (url, token) => ({ LOGFIRE_BASE_URL: url, LOGFIRE_TOKEN: `Bearer ${token}` }),
  isPending: true,
  service: 'agents',
});
