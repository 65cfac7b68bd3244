import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { systemCode } from './errors';
import { expandVariables } from './expand-variables';

/** A data source with its secrets: stays in the server. */
export interface DataSource {
  name: string;
  type: string;
  uid: string;
  url: string;
  isDefault: boolean;
  jsonData: Record<string, unknown>;
  secureJsonData: Record<string, string>;
}

export interface AppSettings {
  type: string;
  disabled: boolean;
  jsonData: Record<string, unknown>;
  secureJsonData: Record<string, string>;
}

export interface Dashboard {
  uid: string;
  title: string;
  folder: string;
  /** The file's JSON, untouched. */
  json: Record<string, unknown>;
}

export interface Provisioning {
  dataSources: DataSource[];
  apps: AppSettings[];
  dashboards: Dashboard[];
  problems: string[];
}

type Variables = Readonly<Record<string, string | undefined>>;

type Entry = Record<string, unknown>;

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text of a file, in which a number may stand without quotes. */
function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function texts(value: unknown): Record<string, string> {
  return isEntry(value) ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, text(item)])) : {};
}

/** Where Grafana's container finds what is here in the local folder. */
const CONTAINER_ROOT = '/etc/grafana/provisioning';

/** Reads the provisioning folder. A file that can't be read is reported in `problems`; the others still count. */
export async function readProvisioning(root: string, variables: Variables): Promise<Provisioning> {
  const problems: string[] = [];
  const sections = async (folder: string, key: string): Promise<Entry[]> => {
    const files = await listFiles(join(root, folder), /\.ya?ml$/, problems);
    const documents = await Promise.all(files.map((file) => readParsed(file, parse, problems)));
    return documents.flatMap((document) => {
      const entries = isEntry(document) ? document[key] : undefined;
      return Array.isArray(entries) ? expandVariables(entries.filter(isEntry), variables) : [];
    });
  };
  const [dataSources, apps, providers] = await Promise.all([
    sections('datasources', 'datasources'),
    sections('plugins', 'apps'),
    sections('dashboards', 'providers'),
  ]);
  const dashboards = await Promise.all(providers.map((provider) => readDashboards(root, provider, problems)));
  return {
    dataSources: dataSources.map(toDataSource),
    apps: apps.map(toAppSettings),
    dashboards: dashboards.flat().sort((a, b) => a.title.localeCompare(b.title)),
    problems,
  };
}

async function readDashboards(root: string, provider: Entry, problems: string[]): Promise<Dashboard[]> {
  const path = isEntry(provider.options) ? text(provider.options.path) : '';
  const local = path.startsWith(CONTAINER_ROOT) ? join(root, path.slice(CONTAINER_ROOT.length)) : path;
  const files = await listFiles(local, /\.json$/, problems);
  const parsed = await Promise.all(
    files.map((file) => readParsed(file, (content) => JSON.parse(content) as unknown, problems)),
  );
  return parsed.flatMap((json, index) => {
    if (json === undefined) return [];
    if (isEntry(json) && text(json.uid) !== '') {
      return [{ uid: text(json.uid), title: text(json.title) || text(json.uid), folder: text(provider.folder), json }];
    }
    problems.push(`${files[index]}: a provisioned dashboard needs a uid`);
    return [];
  });
}

function toDataSource(entry: Entry): DataSource {
  return {
    name: text(entry.name),
    type: text(entry.type),
    uid: text(entry.uid) || text(entry.name),
    url: text(entry.url),
    isDefault: entry.isDefault === true,
    jsonData: isEntry(entry.jsonData) ? entry.jsonData : {},
    secureJsonData: texts(entry.secureJsonData),
  };
}

function toAppSettings(entry: Entry): AppSettings {
  return {
    type: text(entry.type),
    disabled: entry.disabled === true,
    jsonData: isEntry(entry.jsonData) ? entry.jsonData : {},
    secureJsonData: texts(entry.secureJsonData),
  };
}

async function listFiles(folder: string, wanted: RegExp, problems: string[]): Promise<string[]> {
  try {
    const names = await readdir(folder, { recursive: true });
    return names
      .filter((name) => wanted.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    problems.push(`${folder} can't be read (${systemCode(error) ?? String(error)})`);
    return [];
  }
}

async function readParsed(file: string, parseText: (text: string) => unknown, problems: string[]): Promise<unknown> {
  try {
    return parseText(await readFile(file, 'utf8'));
  } catch (error) {
    problems.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
