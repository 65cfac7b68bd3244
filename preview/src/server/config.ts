import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROLES, type Role } from '../shared/boot';
import { DEFAULT_GRAFANA, GRAFANA_VERSIONS, type GrafanaMajor } from '../shared/grafana';
import { PreviewError } from './errors';

/** Everything the server is told from outside; nothing else reads the environment. */
export interface PreviewConfig {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** The built app plugin: holds `plugin.json`, `module.js` and the nested plugins' folders. */
  pluginDir: string;
  /** Holds `datasources/`, `plugins/` and `dashboards/`. */
  provisioningDir: string;
  /** The built page, its icons and fonts. */
  publicDir: string;
  /** The major of Grafana's libraries that the page is made of. */
  grafana: GrafanaMajor;
  /** The role of the one user there is. */
  role: Role;
  /** Whether the proxy tells the bridge the user's name, as Grafana's `[dataproxy] send_user_header`. */
  sendUserHeader: boolean;
  /** What `$NAME` in the provisioning files stands for. */
  variables: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads the environment.
 * @throws PreviewError `CONFIG_INVALID`, naming the variable, what it takes and what it got
 */
export function readConfig(env: NodeJS.ProcessEnv): PreviewConfig {
  // This file is bundled into preview/dist/server.js.
  const distDir = dirname(fileURLToPath(import.meta.url));
  const previewDir = dirname(distDir);
  return {
    host: env.FLOW_PREVIEW_HOST || '127.0.0.1',
    port: readPort(env.FLOW_PREVIEW_PORT),
    pluginDir: resolve(env.FLOW_PREVIEW_PLUGIN_DIR || join(previewDir, '../grafana-plugin/dist')),
    provisioningDir: resolve(env.FLOW_PREVIEW_PROVISIONING_DIR || join(previewDir, '../provisioning')),
    publicDir: join(distDir, 'public'),
    grafana: readGrafana(env.FLOW_PREVIEW_GRAFANA),
    role: readRole(env.FLOW_PREVIEW_ROLE),
    sendUserHeader: env.GF_DATAPROXY_SEND_USER_HEADER === 'true',
    variables: { ...env, FLOW_BRIDGE_URL: readBridgeUrl(env.FLOW_BRIDGE_URL) },
  };
}

function readPort(text: string | undefined): number {
  if (!text) return 3000;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new PreviewError('CONFIG_INVALID', `FLOW_PREVIEW_PORT must be a port from 0 to 65535, got "${text}"`);
}

function readGrafana(text: string | undefined): GrafanaMajor {
  if (!text) return DEFAULT_GRAFANA;
  const major = Number(text);
  if (major === 12 || major === 13) return major;
  const known = Object.keys(GRAFANA_VERSIONS).join(' or ');
  throw new PreviewError('CONFIG_INVALID', `FLOW_PREVIEW_GRAFANA must be ${known}, got "${text}"`);
}

function readRole(text: string | undefined): Role {
  if (!text) return 'Admin';
  const role = ROLES.find((name) => name.toLowerCase() === text.toLowerCase());
  if (role) return role;
  throw new PreviewError('CONFIG_INVALID', `FLOW_PREVIEW_ROLE must be one of ${ROLES.join(', ')}, got "${text}"`);
}

function readBridgeUrl(text: string | undefined): string {
  if (!text) return 'http://127.0.0.1:8090';
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new PreviewError('CONFIG_INVALID', `FLOW_BRIDGE_URL must be an http or https URL, got "${text}"`);
}
