import { readFileSync } from 'node:fs';
import path from 'node:path';
import { codeBlocks } from '../support/code-blocks';

const source = readFileSync(path.join(__dirname, 'logfire.mjs'), 'utf8');
const packageJson = JSON.parse(readFileSync(path.resolve(__dirname, '../../package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
};

describe('docs/opentelemetry.md', () => {
  it('shows the code that its test runs', () => {
    const [, region] = /\/\/ docs:begin\n(.*)\/\/ docs:end\n/s.exec(source) ?? [];
    const blocks = codeBlocks('docs/opentelemetry.md').filter(({ language }) => language === 'js');
    expect(blocks.map(({ code }) => code)).toEqual([region]);
  });

  it('names the versions that were tried', () => {
    const page = readFileSync(path.resolve(__dirname, '../../docs/opentelemetry.md'), 'utf8');
    const long = readFileSync(path.join(__dirname, 'logfire-node.long.integration.test.ts'), 'utf8');
    expect(page).toContain(`\`logfire\` ${packageJson.devDependencies['logfire']}`);
    const [, version] = /@pydantic\/logfire-node@([\d.]+)'/.exec(long) ?? [];
    expect(page).toContain(`\`@pydantic/logfire-node\` ${version}`);
  });
});
