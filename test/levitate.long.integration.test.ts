import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const folder = join(__dirname, '..', 'scripts', 'lib', 'compatibility');

/** Takes a name that the plugin imports out of the other version's types, and runs levitate on the plugin. */
const PROGRAM = `
  const { makeWorkspace } = await import(${JSON.stringify(join(folder, 'levitate-workspace.mjs'))});
  const { compare } = await import(${JSON.stringify(join(folder, 'check-compatibility.mjs'))});
  const { mkdtempSync, readFileSync, rmSync, writeFileSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const dir = mkdtempSync(join(tmpdir(), 'flow-levitate-'));
  try {
    const { to } = makeWorkspace(dir);
    const types = join(dir, '@grafana/data@' + to, 'dist/types/index.d.ts');
    writeFileSync(types, readFileSync(types, 'utf8').replace(/\\bAppPlugin, /g, ''));
    console.log(JSON.stringify(await compare(dir, 'src/module.ts', to)));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
`;

describe('levitate, as check:compatibility runs it', () => {
  it('finds a name that is not there in the other Grafana', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', PROGRAM]);
    const report = JSON.parse(stdout) as { notCompared: string[]; removed: string[] };
    expect(report.notCompared).toEqual([]);
    expect(report.removed).toContain('AppPlugin');
  }, 600_000);
});
