import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DEFAULT_GRAFANA, GRAFANA_VERSIONS } from '../preview/src/shared/grafana';

const root = join(__dirname, '..');
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
const dependencies = (...path: string[]) => {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(read(...path)) as Record<
    string,
    Record<string, string>
  >;
  return Object.entries({ ...dependencies, ...devDependencies });
};
const ofGrafana = (entries: [string, string][]) =>
  entries.filter(([name]) => /^@grafana\/(data|runtime|schema|ui)$/.test(name));

/** One Grafana wherever nobody has chosen another. */
describe('the default version of Grafana', () => {
  const version = GRAFANA_VERSIONS[DEFAULT_GRAFANA];

  it('is that of docker-compose.yml', () => {
    expect(read('docker-compose.yml')).toContain(`image: grafana/grafana:\${FLOW_GRAFANA_VERSION:-${version}}`);
  });

  it('is that of the libraries that the plugin is built against', () => {
    const found = ofGrafana(dependencies('grafana-plugin', 'package.json'));
    expect(found.length).toBe(4);
    for (const [name, range] of found) expect([name, range]).toEqual([name, version]);
  });

  it('is what the preview shows, and is built for, when nothing is said', async () => {
    const major = String(DEFAULT_GRAFANA);
    const settings = join(root, 'scripts', 'lib', 'settings.mjs');
    const program = `console.log((await import(${JSON.stringify(settings)})).readSettings({}).grafana)`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout.trim()).toBe(major);
    expect(read('preview', 'src', 'server', 'config.ts')).toContain('if (!text) return DEFAULT_GRAFANA;');
    expect(read('preview', 'build', 'build.mjs')).toContain(`process.argv[2] ?? '--grafana=${major}'`);
    expect(read('scripts', 'lib', 'build.mjs')).toContain(`grafana = ['${major}'] }`);
  });

  it('stands beside the other major, whose libraries are the preview’s own', () => {
    for (const [name, range] of ofGrafana(dependencies('preview', 'package.json')))
      expect([name, range]).toEqual([name, GRAFANA_VERSIONS[13]]);
  });

  it('is named by the docs, with the other one', () => {
    for (const file of ['docs/grafana.md', 'preview/README.md'])
      for (const known of Object.values(GRAFANA_VERSIONS))
        expect([file, read(file).includes(known)]).toEqual([file, true]);
  });
});
