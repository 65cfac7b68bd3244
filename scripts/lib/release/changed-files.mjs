import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SetupError } from '../setup-error.mjs';

/** Pages and manifests that name the version, beside packages and changelogs. */
const PAGES = [
  'bridge/README.md',
  'integrations/README.md',
  'middleware/README.md',
  'docs/kubernetes.md',
  'docs/kubernetes/kustomization.yaml',
  'docs/kubernetes/optional/kustomization.yaml',
];
const HEADING = '## Unreleased\n';

/** @typedef {{ name: string, version: string, workspaces?: string[], [field: string]: unknown }} Manifest */

/** @param {string} root @returns {Manifest} */
export const readManifest = (root) => JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/**
 * What the files of a release become. Nothing is written.
 *
 * @param {string} root of the repository
 * @param {string} version
 * @param {string} date such as 2026-01-31
 * @returns {Map<string, string>} new texts by path from the root, of the files that change
 */
export function changedFiles(root, version, date) {
  const { version: present, workspaces = [] } = readManifest(root);
  const own = new Set(workspaces.map((folder) => readManifest(path.join(root, folder)).name));
  /** @type {[string, (text: string) => string][]} */
  const edits = [
    ...['.', ...workspaces].map(
      (folder) =>
        /** @type {[string, (text: string) => string]} */ ([
          path.posix.join(folder, 'package.json'),
          (text) => editJson(text, (manifest) => setVersion(manifest, own, version)),
        ]),
    ),
    ['package-lock.json', (text) => editJson(text, (lock) => setLockedVersions(lock, workspaces, own, version))],
    ['CHANGELOG.md', (text) => closeUnreleased(text, version, date)],
    ['grafana-plugin/CHANGELOG.md', (text) => closeUnreleased(text, version, date)],
    ...PAGES.map(
      (page) => /** @type {[string, (text: string) => string]} */ ([page, (text) => rename(text, present, version)]),
    ),
  ];
  /** @type {Map<string, string>} */
  const changed = new Map();
  for (const [file, edit] of edits) {
    if (!existsSync(path.join(root, file))) throw new SetupError(`${file} is not there.`);
    const before = readFileSync(path.join(root, file), 'utf8');
    const after = edit(before);
    if (after !== before) changed.set(file, after);
  }
  return changed;
}

/** @param {string} text @param {(value: any) => void} edit */
function editJson(text, edit) {
  const value = JSON.parse(text);
  edit(value);
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** @param {any} manifest @param {Set<string>} own names of our packages @param {string} version */
function setVersion(manifest, own, version) {
  manifest.version = version;
  for (const field of ['dependencies', 'devDependencies', 'peerDependencies']) {
    for (const name of Object.keys(manifest[field] ?? {})) if (own.has(name)) manifest[field][name] = version;
  }
}

/** @param {any} lock @param {string[]} workspaces @param {Set<string>} own @param {string} version */
function setLockedVersions(lock, workspaces, own, version) {
  lock.version = version;
  for (const folder of ['', ...workspaces]) setVersion(lock.packages[folder], own, version);
}

/** The heading stays for what comes next. @param {string} text @param {string} version @param {string} date */
function closeUnreleased(text, version, date) {
  return text.replace(HEADING, `${HEADING}\n## ${version} - ${date}\n`);
}

/** @param {string} text @param {string} present @param {string} version */
function rename(text, present, version) {
  const names = new RegExp(
    `(flow-tracking-[a-z]+-|flow-bridge:|newTag: )${present.replaceAll('.', '\\.')}(?![\\w-])`,
    'g',
  );
  return text.replace(names, `$1${version}`);
}
