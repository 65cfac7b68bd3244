import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ATTRIBUTES } from '@flow-tracking/protocol';

const page = readFileSync(path.resolve(__dirname, '../../docs/genai-conventions.md'), 'utf8');

const cellsOf = (line: string): string[] => line.split('|').map((cell) => cell.trim());
const [head = [], , ...rows] = page
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => cellsOf(line).slice(1, -1));
const unquoted = (cell = ''): string => cell.replaceAll('`', '');
/** `openai`, …: the columns after those of attribute and level. */
const sdks = head.slice(2).map((cell) => unquoted(cell).slice(1));

/** All source text that an integration is made of, also of what it imports from here. */
function sourceOf(file: string, seen = new Set<string>()): string {
  if (seen.has(file) || !existsSync(file)) return '';
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const imported = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, from = '']) =>
    sourceOf(`${path.resolve(path.dirname(file), from)}.ts`, seen),
  );
  return [text, ...imported].join('\n');
}

/** The attributes that an integration writes, by their names. */
function writtenBy(sdk: string): Set<string> {
  const source = sourceOf(path.join(__dirname, sdk, 'index.ts'));
  const keys = [...source.matchAll(/\[ATTRIBUTES\.(\w+)\]:/g)].map(([, key = '']) => key as keyof typeof ATTRIBUTES);
  return new Set(keys.map((key) => ATTRIBUTES[key]));
}

describe('docs/genai-conventions.md', () => {
  it('has a column for each integration of an SDK', () => {
    expect(sdks).toEqual(['openai', 'anthropic', 'ai-sdk', 'langchain', 'mcp']);
    expect(rows.length).toBeGreaterThan(50);
  });

  it.each(sdks)('says of /%s what it writes, and no more', (sdk) => {
    const column = 2 + sdks.indexOf(sdk);
    const said = rows.filter((cells) => /^(yes|opt-in)\b/.test(cells[column] ?? '')).map(([name]) => unquoted(name));
    const known = new Set(rows.map(([name]) => unquoted(name)));
    const written = [...writtenBy(sdk)];
    expect(said.sort()).toEqual(written.filter((name) => known.has(name)).sort());
    // What is left are names of our own, and those of HTTP and of retrieval, which the page does not go through.
    expect(written.filter((name) => !known.has(name) && !/^(flow|http)\./.test(name)).sort()).toEqual(
      { langchain: ['gen_ai.retrieval.query.text'], mcp: ['mcp.server.name'] }[sdk] ?? [],
    );
  });
});
