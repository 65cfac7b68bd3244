import { readFileSync } from 'node:fs';
import path from 'node:path';
import { codeBlocks } from './support/code-blocks';

const folder = path.resolve(__dirname, '../examples/frameworks');
const page = readFileSync(path.resolve(__dirname, '../docs/frameworks.md'), 'utf8');

/** In the order of the page. */
const TESTS = ['nest', 'apollo', 'trpc', 'genkit', 'ai-sdk', 'mcp'];

function withoutIndent(text: string): string {
  const indents = text.split('\n').flatMap((line) => (line === '' ? [] : [/^ */.exec(line)?.[0].length ?? 0]));
  return text.replaceAll(new RegExp(`^ {${Math.min(...indents)}}`, 'gm'), '');
}

/** What stands between `// docs:begin` and `// docs:end`. */
function regions(test: string): string {
  const source = readFileSync(path.join(folder, `${test}.test.mjs`), 'utf8');
  const found = [...source.matchAll(/^ *\/\/ docs:begin\n(.*?)^ *\/\/ docs:end\n/gms)];
  return found.map(([, region = '']) => withoutIndent(region)).join('\n');
}

describe('docs/frameworks.md', () => {
  it('shows what the tests of each framework run', () => {
    const blocks = codeBlocks('docs/frameworks.md').filter(({ language }) => language === 'js');
    expect(blocks.map(({ code }) => code)).toEqual(TESTS.map(regions));
    for (const { code } of blocks) expect(code).toMatch(/fail\(/);
  });

  it('names the versions that its lock file installs', () => {
    const { dependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const named = [...page.matchAll(/`([@\w/-]+)` (\d+\.\d+\.\d+)/g)].map(([, name = '', version]) => [name, version]);
    expect(named.length).toBe(TESTS.length);
    for (const [name = '', version] of named) expect([name, dependencies[name]]).toEqual([name, version]);
  });
});
