import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ROLES, type PluginJson, type Role } from '../shared/boot';

/** A plugin on disk; nested plugins of an app have their own. */
export interface Plugin {
  id: string;
  dir: string;
  json: PluginJson;
}

/** What a Viewer may do in Grafana without anyone granting it, as far as plugins ask about it. */
const VIEWER_ACTIONS = ['datasources:query', 'datasources:read', 'dashboards:read', 'plugins.app:access'];
const EDITOR_ACTIONS = ['datasources:explore', 'dashboards:write', 'dashboards:create', 'annotations:write'];
const ADMIN_ACTIONS = [
  'datasources:write',
  'datasources:create',
  'datasources:delete',
  'plugins:write',
  'plugins:install',
];

/** Finds the app and its nested plugins. None is a problem to be shown, not an error. */
export async function readPlugins(root: string, problems: string[]): Promise<Plugin[]> {
  const manifests = await findManifests(root);
  if (!manifests.some((file) => dirname(file) === root)) {
    problems.push(`no built plugin in ${root}: run "npm run build:plugin", or set FLOW_PREVIEW_PLUGIN_DIR`);
  }
  const plugins = await Promise.all(
    manifests.map(async (file): Promise<Plugin | undefined> => {
      try {
        const json = JSON.parse(await readFile(file, 'utf8')) as PluginJson;
        return { id: json.id, dir: dirname(file), json };
      } catch (error) {
        problems.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      }
    }),
  );
  return plugins.filter((plugin) => plugin !== undefined);
}

async function findManifests(root: string): Promise<string[]> {
  try {
    const names = await readdir(root, { recursive: true });
    return names
      .filter((name) => /(^|[\\/])plugin\.json$/.test(name))
      .sort()
      .map((name) => join(root, name));
  } catch {
    return [];
  }
}

/** @returns whether `role` is `required` or more; nobody has a role that doesn't exist */
export function hasRole(role: Role, required: string): boolean {
  const rank = ROLES.findIndex((name) => name.toLowerCase() === required.toLowerCase());
  return rank >= 0 && ROLES.indexOf(role) >= rank;
}

/** The actions of `role`: Grafana's basic ones, and those the plugins' `roles` grant it. */
export function actionsOf(role: Role, plugins: Plugin[]): Set<string> {
  const actions = new Set(VIEWER_ACTIONS);
  if (hasRole(role, 'Editor')) EDITOR_ACTIONS.forEach((action) => actions.add(action));
  if (hasRole(role, 'Admin')) ADMIN_ACTIONS.forEach((action) => actions.add(action));
  for (const { role: granted, grants } of plugins.flatMap((plugin) => plugin.json.roles ?? [])) {
    if (!grants?.some((name) => hasRole(role, name))) continue;
    granted?.permissions?.forEach(({ action }) => actions.add(action));
  }
  return actions;
}
