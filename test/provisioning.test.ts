import { FieldColorModeId, ThresholdsMode } from '@grafana/schema';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { parse } from 'yaml';

const root = join(__dirname, '..');
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');

interface PluginJson {
  id: string;
  includes: { type: string; name: string; path: string }[];
  routes: { path: string; method: string; reqRole?: string; headers: unknown }[];
}
interface Provisioned {
  datasources: { uid: string; jsonData?: unknown }[];
  apps: unknown[];
  providers: { options: { path: string } }[];
}
interface DashboardJson {
  uid: string;
  title: string;
  templating: { list: { name: string }[] };
  panels: {
    type: string;
    title: string;
    fieldConfig: { defaults: { noValue?: string } };
    targets: { datasource: unknown }[];
  }[];
}

const yaml = (...path: string[]) => parse(read('provisioning', ...path)) as Provisioned;
const plugin = (...path: string[]) => JSON.parse(read('grafana-plugin', 'src', ...path, 'plugin.json')) as PluginJson;

const app = plugin();
const datasourcePlugin = plugin('datasource');
const panelPlugin = plugin('panel');
const [datasource] = yaml('datasources', 'flow-tracking.yaml').datasources;
const folder = ['dashboards', 'flow-tracking'];
const dashboards = readdirSync(join(root, 'provisioning', ...folder)).map((file) => ({
  file,
  json: read('provisioning', ...folder, file),
  dashboard: JSON.parse(read('provisioning', ...folder, file)) as DashboardJson,
}));

/** What TypeScript finds wrong with the dashboards against the types that Grafana publishes of its schema. */
function schemaErrors(): string[] {
  const path = join(root, 'grafana-plugin', 'dashboards-against-schema.ts');
  const checks = dashboards.map(({ json }) => `(${json}) satisfies Partial<Dashboard>;`);
  const source = `import type { Dashboard } from '@grafana/schema';\n${checks.join('\n')}`;
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const readSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === path ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : readSourceFile(name, ...rest);
  const program = ts.createProgram([path], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'))
    .filter((message) => !isOfJson(message));
}

const ENUMS: Readonly<Record<string, object>> = { FieldColorModeId, ThresholdsMode };

/** What TypeScript can't know of JSON: a text may be a member of an enum, and our queries say more than a DataQuery. */
function isOfJson(message: string): boolean {
  if (message.endsWith("does not exist in type 'DataQuery'.")) return true;
  const [, value, name = ''] = /^Type '"([^"]+)"' is not assignable to type '(\w+)'/.exec(message) ?? [];
  return Object.values(ENUMS[name] ?? {}).includes(value);
}

describe('plugin.json', () => {
  it('names the nested plugins in the app, each where it is', () => {
    expect([app.id, datasourcePlugin.id, panelPlugin.id]).toEqual([
      'flowtracking-flows-app',
      'flowtracking-flows-datasource',
      'flowtracking-flowtree-panel',
    ]);
    const nested = app.includes.filter(({ type }) => type === 'datasource' || type === 'panel');
    for (const { path } of nested) expect(() => read('grafana-plugin', 'src', path)).not.toThrow();
    expect(nested).toHaveLength(2);
  });

  it('includes every dashboard that is provisioned, under its title', () => {
    const included = app.includes.filter(({ type }) => type === 'dashboard').map(({ name, path }) => [name, path]);
    expect(included.sort()).toEqual(
      dashboards.map(({ file, dashboard }) => [dashboard.title, `dashboards/${file}`]).sort(),
    );
  });

  it('routes the specific paths first, control for Editors only, and leaves every other POST without a token', () => {
    const routes = datasourcePlugin.routes.map((route) => [
      route.path,
      route.method,
      route.reqRole,
      JSON.stringify(route.headers).includes('controlToken'),
    ]);
    expect(routes).toEqual([
      ['api/v1/monitoring/enable', 'POST', 'Editor', true],
      ['api/v1/monitoring/disable', 'POST', 'Editor', true],
      ['api/v1/users', 'DELETE', 'Admin', true],
      ['api/v1/checks', 'GET', 'Editor', true],
      ['api/v1', 'GET', undefined, false],
      ['ws', 'GET', undefined, false],
    ]);
  });
});

describe('provisioning', () => {
  it('provisions the datasource with the tokens as secrets, and the app', () => {
    expect(datasource).toMatchObject({
      type: datasourcePlugin.id,
      uid: 'flow-tracking',
      access: 'proxy',
      url: '$FLOW_BRIDGE_URL',
      isDefault: true,
      secureJsonData: { readToken: '$FLOW_READ_TOKEN', controlToken: '$FLOW_CONTROL_TOKEN' },
    });
    expect(JSON.stringify(datasource?.jsonData ?? {})).not.toMatch(/token/i);
    expect(yaml('plugins', 'flow-tracking.yaml').apps).toMatchObject([{ type: app.id, disabled: false }]);
    expect(yaml('dashboards', 'flow-tracking.yaml').providers[0]?.options.path).toBe(
      '/etc/grafana/provisioning/dashboards/flow-tracking',
    );
  });

  it('has dashboards that fit the schema', () => {
    expect(schemaErrors()).toEqual([]);
  });

  it('has the dashboards that scripts/lib/dashboards makes', () => {
    const check = () => execFileSync(process.execPath, [join(root, 'scripts', 'build-dashboards.mjs'), '--check']);
    expect(check).not.toThrow();
    expect(dashboards.map(({ dashboard }) => dashboard.uid).sort()).toEqual([
      'flow-bridge-health',
      'flow-history',
      'flow-live',
      'flow-performance',
      'flow-running',
      'flow-session',
    ]);
  });

  it('has dashboards that ask the datasource which the viewer chose, with variables that are there', () => {
    const sources = [
      { type: datasourcePlugin.id, uid: '${datasource}' },
      { type: 'prometheus', uid: '${prometheus}' },
    ];
    for (const { json, dashboard } of dashboards) {
      const names = dashboard.templating.list.map((variable) => variable.name);
      const asked = dashboard.panels.flatMap((panel) => panel.targets);
      expect(asked.length).toBeGreaterThan(0);
      for (const target of asked) expect(sources).toContainEqual(target.datasource);
      const used = [...json.matchAll(/\$\{?([a-z]\w*)(?::\w+)?\}?/g)].map((match) => match[1]);
      expect(names).toEqual(expect.arrayContaining(used));
    }
  });

  it('says in every panel what it means that there is nothing', () => {
    const silent = dashboards.flatMap(({ dashboard }) =>
      dashboard.panels
        .filter(({ type, fieldConfig }) => type !== panelPlugin.id && !fieldConfig.defaults.noValue)
        .map(({ title }) => `${dashboard.title}: ${title}`),
    );
    expect(silent).toEqual([]);
  });

  it.each([
    ['flow-live', ['user']],
    ['flow-session', ['user', 'session']],
  ])('keeps %s, with one flow panel and its variables, for those who link to it', (uid, variables) => {
    const found = dashboards.find(({ dashboard }) => dashboard.uid === uid)?.dashboard;
    expect(found?.panels.map(({ type }) => type)).toEqual([panelPlugin.id]);
    expect(found?.templating.list.map(({ name }) => name)).toEqual(['datasource', ...variables]);
  });

  it('links only to dashboards that are there', () => {
    const uids = dashboards.map(({ dashboard }) => dashboard.uid);
    const linked = dashboards.flatMap(({ json }) => [...json.matchAll(/"\/d\/([^/"]+)\//g)].map((match) => match[1]));
    expect(linked.length).toBeGreaterThan(1);
    expect(uids).toEqual(expect.arrayContaining(linked));
  });
});
