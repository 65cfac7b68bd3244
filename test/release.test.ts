import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');
const FILES = [
  'CHANGELOG.md',
  'package.json',
  'package-lock.json',
  'bridge/README.md',
  'bridge/package.json',
  'docs/kubernetes',
  'docs/kubernetes.md',
  'examples/chat-server/package.json',
  'examples/research-agent/package.json',
  'grafana-plugin/CHANGELOG.md',
  'grafana-plugin/package.json',
  'integrations/README.md',
  'integrations/package.json',
  'middleware/README.md',
  'middleware/package.json',
  'protocol/package.json',
  'scripts/lib',
  'scripts/release.mjs',
];
const PLUGINS = ['', 'datasource', 'panel'].map((folder) => join('grafana-plugin', 'src', folder, 'plugin.json'));

interface Manifest {
  name: string;
  version: string;
  workspaces?: string[];
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

const readJson = (...names: string[]): unknown => JSON.parse(readFileSync(join(...names), 'utf8'));
const manifest = (...names: string[]): Manifest => readJson(...names, 'package.json') as Manifest;

const { version: present, workspaces = [] } = manifest(root);
const ours = workspaces.map((folder) => manifest(root, folder).name);

/** Versions of all packages, and those by which they depend on one another. */
function versions(dir: string): string[] {
  const manifests = ['.', ...workspaces].map((folder) => manifest(dir, folder));
  const needed = manifests.flatMap(({ dependencies, devDependencies, peerDependencies }) =>
    Object.entries({ ...dependencies, ...devDependencies, ...peerDependencies }).flatMap(([name, range]) =>
      ours.includes(name) ? [range] : [],
    ),
  );
  return [...manifests.map(({ version }) => version), ...needed];
}

describe('the versions', () => {
  it('of all packages are one', () => {
    expect(new Set(versions(root))).toEqual(new Set([present]));
    expect(versions(root).length).toBeGreaterThan(workspaces.length + 1);
  });

  it.each(PLUGINS)('of %s are those of its package', (file) => {
    expect(readJson(root, file)).toMatchObject({ info: { version: '%VERSION%' } });
  });
});

describe('npm run release', () => {
  let copy: string;

  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], {
      cwd: copy,
      encoding: 'utf8',
    });
  const release = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(copy, 'scripts', 'release.mjs'), ...args], {
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'flow-release-'));
    for (const file of FILES) {
      mkdirSync(join(copy, dirname(file)), { recursive: true });
      cpSync(join(root, file), join(copy, file), { recursive: true });
    }
    // What stands here under "Unreleased" is another matter after each release.
    for (const file of ['CHANGELOG.md', 'grafana-plugin/CHANGELOG.md'])
      writeFileSync(
        join(copy, file),
        '# Changelog\n\n## Unreleased\n\n- A change.\n\n## 0.0.1 - 2026-01-31\n\n- A start.\n',
      );
    git('init', '--quiet');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'all', '--no-gpg-sign');
  });
  afterEach(() => {
    git('reset', '--quiet', '--hard');
    git('clean', '--quiet', '-fd');
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('sets the version everywhere, and neither commits nor tags', () => {
    const head = git('rev-parse', 'HEAD');
    const { status, stdout, stderr } = release('99.1.2-rc.3');
    expect([status, stderr]).toEqual([0, '']);
    expect(new Set(versions(copy))).toEqual(new Set(['99.1.2-rc.3']));
    const day = new Date().toISOString().slice(0, 10);
    for (const file of ['CHANGELOG.md', 'grafana-plugin/CHANGELOG.md'])
      expect(readFileSync(join(copy, file), 'utf8')).toContain(
        `## Unreleased\n\n## 99.1.2-rc.3 - ${day}\n\n- A change.\n\n## 0.0.1`,
      );
    const naming = [`flow-tracking-bridge-${present}.tgz`, `flow-bridge:${present}`, `newTag: ${present}`];
    for (const name of naming)
      expect([
        name,
        spawnSync('git', ['grep', '--fixed-strings', name, 'docs', 'bridge'], { cwd: copy }).status,
      ]).toEqual([name, 1]);
    expect(stdout).toContain('git tag --annotate v99.1.2-rc.3');
    expect([git('rev-parse', 'HEAD'), git('tag')]).toEqual([head, '']);
  });

  it('changes nothing in the lock file but our versions, so that npm ci takes it', () => {
    release('99.0.0');
    const changed = git('diff', '--unified=0', 'package-lock.json').match(/^[+-] .*$/gm) ?? [];
    const removed = changed.filter((line) => line.startsWith('-')).map((line) => line.slice(1).trim());
    expect(new Set(removed.map((line) => line.replace(/,$/, '')))).toEqual(
      new Set([
        `"version": "${present}"`,
        ...ours.filter((name) => removed.join().includes(name)).map((name) => `"${name}": "${present}"`),
      ]),
    );
    const { packages, version } = readJson(copy, 'package-lock.json') as {
      packages: Record<string, Manifest>;
      version: string;
    };
    expect([version, packages['']?.version]).toEqual(['99.0.0', '99.0.0']);
    for (const folder of workspaces) expect(packages[folder]).toMatchObject({ version: '99.0.0' });
    expect(packages['bridge']?.dependencies).toMatchObject({ '@flow-tracking/protocol': '99.0.0' });
  });

  it('tells by --dry-run what would change, and leaves it', () => {
    const { status, stdout } = release('99.0.0', '--dry-run');
    expect(status).toBe(0);
    for (const file of ['bridge/package.json', 'package-lock.json', 'CHANGELOG.md'])
      expect(stdout).toContain(`would change ${file}\n`);
    expect(git('status', '--porcelain')).toBe('');
  });

  it('refuses a tree that is not clean', () => {
    writeFileSync(join(copy, 'left-over'), '');
    const { status, stderr } = release('99.0.0');
    expect([status, stderr]).toEqual([1, expect.stringContaining('?? left-over')]);
    expect(new Set(versions(copy))).toEqual(new Set([present]));
  });

  it.each([
    ['0.0.0', /0\.0\.0 comes before/],
    [`${present}-rc.1`, /comes before/],
  ])('refuses %s, which was before', (version, message) => {
    expect(release(version)).toMatchObject({ status: 1, stderr: expect.stringMatching(message) });
  });

  it('refuses a version that the changelog has, and a changelog that says nothing', () => {
    const changelog = join(copy, 'CHANGELOG.md');
    const write = (text: string): void => {
      writeFileSync(changelog, text);
      git('commit', '--quiet', '--all', '--message', 'changelog', '--no-gpg-sign');
    };
    write('# Changelog\n\n## Unreleased\n\n- A change.\n\n## 99.0.0 - 2026-01-31\n\n- A start.\n');
    expect(release('99.0.0')).toMatchObject({ status: 1, stderr: expect.stringContaining('has 99.0.0 already') });
    write('# Changelog\n\n## Unreleased\n\n## 99.0.0 - 2026-01-31\n\n- A start.\n');
    expect(release('99.0.1')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('nothing under "Unreleased"'),
    });
  });

  it.each([[[]], [['1.2']], [['v1.2.3']], [['1.2.3', '1.2.4']], [['1.2.3', '--force']]])('does not take %j', (args) => {
    expect(release(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining('release -- --help') });
  });

  it('explains itself', () => {
    expect(release('--help')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Usage: npm run release/) });
  });
});
