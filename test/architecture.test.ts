import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(__dirname, '..');
const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

interface Hop {
  way: string;
  file: string;
  /** By which the file hands a checkpoint to the next one. */
  name: string;
}

/** The rows of the table that begins with this column: their cells, without a link's text. */
function rowsOf(firstColumn: string): string[][] {
  const lines = page.split('\n');
  const head = lines.findIndex((line) => line.startsWith(`| ${firstColumn} `));
  const rest = lines.slice(head + 2);
  return rest.slice(0, rest.indexOf('')).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => /\]\((.+)\)/.exec(cell)?.[1] ?? cell.trim().replaceAll('`', '')),
  );
}

/** Whether a name is in a file, not as a part of another one. */
function has(file: string, name: string): boolean {
  const wordEnd = /\w$/.test(name) ? String.raw`(?!\w)` : '';
  const pattern = new RegExp(String.raw`(?<!\w)${name.replace('(', String.raw`\(`)}${wordEnd}`);
  return pattern.test(readFileSync(join(root, file), 'utf8'));
}

let way = '';
const hops: Hop[] = rowsOf('way').map(([first = '', file = '', name = '']) => {
  if (first !== '') way = first;
  return { way, file, name };
});

describe("ARCHITECTURE.md's way of a checkpoint", () => {
  it('goes from the call to the pixel', () => {
    expect([...new Set(hops.map(({ way }) => way))]).toEqual([
      'record',
      'live',
      'live over HTTP',
      'history',
      'ask',
      'receive',
      'draw',
    ]);
    expect(hops.length).toBeGreaterThan(20);
  });

  it.each(hops.map((hop) => [hop.file, hop.name]))('names %s, which is there and has %s', (file, name) => {
    expect([file, existsSync(join(root, file))]).toEqual([file, true]);
    expect(has(file, name)).toBe(true);
  });

  it('calls each file by its name', () => {
    const links = [...page.matchAll(/\[`([^`]+)`\]\(([^)]+)\)/g)];
    expect(links.length).toBeGreaterThan(20);
    for (const [, text, file = ''] of links) expect([file, text]).toEqual([file, basename(file)]);
  });

  it.each(
    hops.flatMap(({ way, name, file }, i) => {
      const next = hops[i + 1];
      return next?.way === way ? [[file, next.file, name]] : [];
    }),
  )('leads from %s to %s by %s', (_file, next, name) => {
    expect(has(next, name)).toBe(true);
  });
});

describe("ARCHITECTURE.md's code map", () => {
  it.each(rowsOf('folder').map(([folder = '']) => folder))('names %s, which is there', (folder) => {
    expect(existsSync(join(root, folder))).toBe(true);
  });

  it('names every room', () => {
    const folders = readdirSync(join(root, 'bridge', 'src'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(
      rowsOf('room')
        .map(([room]) => room)
        .sort(),
    ).toEqual(folders.map(({ name }) => `${name}/`).sort());
  });
});

describe("ARCHITECTURE.md's rooms of the bridge", () => {
  const list = (text = ''): string[] => [...text.matchAll(/[\w-]+/g)].map(([name]) => name);
  const [, linted = ''] =
    /const bridgeRooms = \{([^]*?)\n\};/.exec(readFileSync(join(root, 'eslint.config.mjs'), 'utf8')) ?? [];
  /** Room and what it may import, as ESLint has them. */
  const rules = [...linted.matchAll(/^ {2}'?([\w-]+)'?: \[(.*)\],$/gm)].map(([, room = '', imports]) => ({
    room,
    imports: list(imports),
  }));
  const rooms = rules.map(({ room }) => room);

  it('are those that ESLint knows, with the same imports', () => {
    const told = rowsOf('room').map(([room = '', , imports]) => ({ room: list(room)[0], imports: list(imports) }));
    const expected = rules.map(({ room, imports }) => ({
      room,
      imports: imports.filter((name) => name !== 'platform'),
    }));
    expect(told).toEqual(expected);
  });

  it('import none that stands behind them', () => {
    for (const [i, { imports }] of rules.entries())
      for (const name of imports) expect([name, rooms.slice(0, i)]).toEqual([name, expect.arrayContaining([name])]);
  });
});
