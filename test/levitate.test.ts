import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const REPORT = join(__dirname, '..', 'scripts', 'lib', 'compatibility', 'levitate-report.mjs');
const [DATA, UI] = ['@grafana/data', '@grafana/ui'];

/** What the reader makes of an output, in a process of its own: it is an ES module. */
async function read(output: string): Promise<{ notCompared: string[]; removed: string[]; changed: string[] }> {
  const call = `readReport(${JSON.stringify(output)}, ${JSON.stringify([DATA, UI])})`;
  const program = `const { readReport } = await import(${JSON.stringify(REPORT)}); console.log(JSON.stringify(${call}))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  return JSON.parse(stdout) as Awaited<ReturnType<typeof read>>;
}

const head = (name: string) =>
  `🔬 Checking compatibility between src/module.ts and ${name}@\u001b[33m13.2.2\u001b[39m...\n`;
const compared = '\u001b[32m✔\u001b[39m Successfully compared versions\n';

describe('what levitate prints', () => {
  it('is trusted only for the packages that it compared', async () => {
    const skipped = `${head('@grafana/ui')}   Skipping package @grafana/ui because it is not used in the project\n`;
    const verdict = '✔️  src/module.ts appears to be compatible\n';
    expect(await read(`${head('@grafana/data')}${compared}${skipped}${verdict}`)).toEqual({
      notCompared: [UI],
      removed: [],
      changed: [],
    });
    expect((await read(`${head('@grafana/data')}Could not process the package\n${verdict}`)).notCompared).toEqual([
      DATA,
      UI,
    ]);
    expect((await read('')).notCompared).toEqual([DATA, UI]);
  });

  it('names what is gone, and what is declared otherwise', async () => {
    const found =
      '  INCOMPATIBILITIES (2)\n\n1) Removed `AppPlugin` used in `src/module.ts:1`\n' +
      '2) Changed `AppPlugin.setRootPage` used in `src/module.ts:5`\n';
    const output = `${head('@grafana/data')}${compared}${found}${head('@grafana/ui')}${compared}  INCOMPATIBILITIES (1)\n`;
    expect(await read(output)).toEqual({
      notCompared: [],
      removed: ['AppPlugin'],
      changed: ['AppPlugin.setRootPage', '(a name not told)'],
    });
  });
});
