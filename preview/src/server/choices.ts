import { existsSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { CHOICE_COOKIES, ROLES, type Choices } from '../shared/boot';
import { GRAFANA_MAJORS, GRAFANA_VERSIONS } from '../shared/grafana';
import type { PreviewConfig } from './config';
import { hasRole } from './plugins';
import { vendorPath } from './vendor-path';

/** What a visitor may choose by the switches on top: no role above the configured one, and the libraries that are built. */
export function choicesOf(config: PreviewConfig): Choices {
  const isBuilt = (major: (typeof GRAFANA_MAJORS)[number]): boolean =>
    major === config.grafana || existsSync(join(config.publicDir, vendorPath(major, 'js')));
  return {
    role: config.role,
    roles: ROLES.filter((role) => hasRole(config.role, role)),
    grafana: config.grafana,
    versions: GRAFANA_MAJORS.filter(isBuilt).map((major) => ({ major, version: GRAFANA_VERSIONS[major] })),
  };
}

/** The configuration for one request: what its visitor has chosen, where that may be chosen. */
export function chosenBy(req: IncomingMessage, config: PreviewConfig): PreviewConfig {
  const cookies = cookiesOf(req);
  const { roles, versions } = choicesOf(config);
  const role = roles.find((name) => name === cookies.get(CHOICE_COOKIES.role));
  const version = versions.find(({ major }) => String(major) === cookies.get(CHOICE_COOKIES.grafana));
  return { ...config, role: role ?? config.role, grafana: version?.major ?? config.grafana };
}

function cookiesOf(req: IncomingMessage): Map<string, string> {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('=', 2));
  return new Map(pairs.map(([name = '', value = '']) => [name, value]));
}
