import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repoRoot } from '../settings.mjs';
import { SetupError } from '../setup-error.mjs';
import { changedFiles, readManifest } from './changed-files.mjs';
import { isBefore } from './versions.mjs';

/**
 * Sets the version everywhere, or says what that would change.
 *
 * @param {import('./release-settings.mjs').ReleaseSettings} settings
 * @throws {SetupError} when the tree is not clean or the version can not be the next one; nothing has changed then
 */
export function prepareRelease({ version, isDryRun }) {
  requireNextVersion(version);
  if (!isDryRun) requireCleanTree();
  const changed = changedFiles(repoRoot, version, new Date().toISOString().slice(0, 10));
  for (const [file, text] of changed) {
    if (!isDryRun) writeFileSync(path.join(repoRoot, file), text);
    process.stdout.write(`${isDryRun ? 'would change' : 'changed'} ${file}\n`);
  }
  process.stdout.write(isDryRun ? '\nNothing was changed.\n' : nextSteps(version));
}

/** @param {string} version */
function requireNextVersion(version) {
  const { version: present } = readManifest(repoRoot);
  if (isBefore(version, present))
    throw new SetupError(`${version} comes before ${present}, which is the present version.`);
  const changelog = readFileSync(path.join(repoRoot, 'CHANGELOG.md'), 'utf8');
  if (changelog.includes(`\n## ${version} `)) throw new SetupError(`CHANGELOG.md has ${version} already.`);
  const [, unreleased = ''] = /^## Unreleased\n(.*?)(?=^## |(?![^]))/ms.exec(changelog) ?? [];
  if (unreleased.trim() === '') throw new SetupError('CHANGELOG.md has nothing under "Unreleased".');
}

function requireCleanTree() {
  const dirty = execFileSync('git', ['status', '--porcelain'], { cwd: repoRoot, encoding: 'utf8' }).trimEnd();
  if (dirty !== '') throw new SetupError(`Commit or stash first; the tree is not clean:\n${dirty}`);
}

/** @param {string} version */
const nextSteps = (version) => `
Nothing is committed, tagged or published yet. Next:

  git diff                                        look at it
  npm run check                                   types, lint and all tests
  git commit --all --message "release: v${version}"
  git tag --annotate v${version} --message v${version}
  git push origin main v${version}

The tag starts the workflow "Release", which ends with a draft on GitHub. Publishing the draft starts "Publish", which puts the packages on
the npm registry.
`;
