/** Where the parts of docker-compose.yml are, and what it takes to enter them. */
export interface Config {
  grafanaUrl: string;
  adminPassword: string;
  /** As this machine reaches the bridge; Grafana's server has another address of it. */
  bridgeUrl: string;
  controlToken: string;
  chatUrl: string;
  /** How long the spec `held` keeps a WebSocket open. */
  heldMs: number;
}

const TEN_MINUTES_S = 600;

/**
 * Reads the environment. The names and defaults are those of docker-compose.yml, so that `.env` is all it takes.
 *
 * @throws Error naming the variable that is wrong or missing
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const heldS = Number(given(env, 'FLOW_E2E_HELD_S') ?? TEN_MINUTES_S);
  if (!Number.isInteger(heldS) || heldS < 1) throw new Error('FLOW_E2E_HELD_S: expected a whole number of seconds');
  return {
    grafanaUrl: given(env, 'FLOW_GRAFANA_URL') ?? `http://localhost:${given(env, 'FLOW_GRAFANA_PORT') ?? '3000'}/`,
    adminPassword: needed(env, 'FLOW_GRAFANA_PASSWORD'),
    bridgeUrl: `http://localhost:${given(env, 'FLOW_BRIDGE_PORT') ?? '8090'}`,
    controlToken: needed(env, 'FLOW_CONTROL_TOKEN'),
    chatUrl: `http://localhost:${given(env, 'FLOW_DEMO_PORT') ?? '3001'}`,
    heldMs: heldS * 1_000,
  };
}

/** An empty variable counts as not set, as compose files pass them. */
function given(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}

function needed(env: NodeJS.ProcessEnv, name: string): string {
  const value = given(env, name);
  if (value !== undefined) return value;
  throw new Error(`${name} is not set: npm run docker:env writes it into .env; set -a; . ./.env; set +a`);
}
