import type { IncomingMessage, ServerResponse } from 'node:http';
import { GRAFANA_VERSIONS } from '../shared/grafana';
import { createBootPayload, describeDataSource, describePlugin } from './boot-payload';
import type { Catalogue } from './catalogue';
import { choicesOf } from './choices';
import type { PreviewConfig } from './config';
import { sendJson } from './responses';

type Answer = { status: number; body: unknown };

/** Answers the few of Grafana's HTTP endpoints that plugins ask, from the provisioning. All are read-only. */
export function serveApi(
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
  catalogue: Catalogue,
  config: PreviewConfig,
): void {
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    return sendJson(res, 405, { message: 'the preview is provisioned from files: nothing can be changed through it' });
  }
  const { status, body } = answer(url, catalogue, config);
  sendJson(res, status, body);
}

function answer(url: URL, catalogue: Catalogue, config: PreviewConfig): Answer {
  const [, resource = '', ...rest] = url.pathname.slice(1).split('/').map(decode);
  const boot = () => createBootPayload(catalogue, config, choicesOf(config));
  switch (`${resource}/${rest[0] ?? ''}`) {
    case 'health/':
      return found({ database: 'ok', version: GRAFANA_VERSIONS[config.grafana] });
    case 'user/':
      return found(boot().grafana.user);
    case 'frontend/settings':
      return found(boot().grafana.settings);
    case 'search/':
      return found(search(boot().catalogue.dashboards, url.searchParams));
    case 'dashboards/uid':
      return dashboard(catalogue, rest[1]);
    case 'datasources/':
      return found(catalogue.dataSources.map((item, index) => toApiDataSource(catalogue, item, index)));
    case 'datasources/uid':
    case 'datasources/name': {
      const index = catalogue.dataSources.findIndex((item) => item[rest[0] as 'uid' | 'name'] === rest[1]);
      const item = catalogue.dataSources[index];
      return item && rest.length === 2 ? found(toApiDataSource(catalogue, item, index)) : missing('data source');
    }
    default:
      return resource === 'plugins' && rest[1] === 'settings'
        ? pluginSettings(catalogue, rest[0])
        : missing(url.pathname);
  }
}

const found = (body: unknown): Answer => ({ status: 200, body });
const missing = (what: string): Answer => ({ status: 404, body: { message: `${what} not found` } });

function search(
  dashboards: { uid: string; title: string; folder: string; tags: string[]; url: string }[],
  query: URLSearchParams,
) {
  const text = (query.get('query') ?? '').toLowerCase();
  const tags = query.getAll('tag');
  return dashboards
    .filter((item) => item.title.toLowerCase().includes(text) && tags.every((tag) => item.tags.includes(tag)))
    .map(({ uid, title, folder, tags: own, url }) => ({
      uid,
      title,
      type: 'dash-db',
      tags: own,
      folderTitle: folder,
      url,
    }));
}

function dashboard(catalogue: Catalogue, uid: string | undefined): Answer {
  const item = catalogue.dashboards.find((candidate) => candidate.uid === uid);
  if (!item) return missing('dashboard');
  return found({
    dashboard: item.json,
    meta: { provisioned: true, canEdit: false, canSave: false, folderTitle: item.folder, slug: item.uid },
  });
}

/** Which secrets are set is told, never what they are. */
function toApiDataSource(catalogue: Catalogue, item: Catalogue['dataSources'][number], index: number) {
  const { meta: _, ...settings } = describeDataSource(item, index + 1, catalogue.plugins);
  return { ...settings, orgId: 1, url: item.url, secureJsonFields: fieldsSet(item.secureJsonData) };
}

function pluginSettings(catalogue: Catalogue, id: string | undefined): Answer {
  const plugin = catalogue.plugins.find((candidate) => candidate.id === id);
  if (!plugin) return missing('plugin');
  const app = catalogue.apps.find((candidate) => candidate.type === id);
  return found({
    ...describePlugin(plugin),
    enabled: !app?.disabled,
    jsonData: app?.jsonData ?? {},
    secureJsonFields: fieldsSet(app?.secureJsonData ?? {}),
  });
}

function fieldsSet(secrets: Record<string, string>): Record<string, boolean> {
  return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, Boolean(value)]));
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
