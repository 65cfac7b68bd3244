import { mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '../../../test/support/wait-for';
import type { BridgeError } from '../errors';
import type { Logger } from '../platform/logger';
import { loadTokens, watchTokens, type Tokens, type TokenSources } from './token-files';

let dir: string;
let file: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'flow-tokens-'));
  file = join(dir, 'tokens');
});

afterEach(() => rm(dir, { recursive: true }));

const sources = (files: Partial<TokenSources>): TokenSources => ({
  readTokens: [],
  controlTokens: [],
  writeTokens: [],
  readTokensFile: undefined,
  controlTokensFile: undefined,
  writeTokensFile: undefined,
  ...files,
});

describe('loadTokens', () => {
  it('adds those of files to those of the environment, each to its scope', async () => {
    await writeFile(file, 'of-a-file\n');
    const named = { readTokens: ['r'], controlTokens: ['c'] };
    expect(loadTokens(sources(named))).toEqual({ read: ['r'], control: ['c'], write: [] });
    expect(loadTokens(sources({ ...named, readTokensFile: file }))).toEqual({
      read: ['r', 'of-a-file'],
      control: ['c'],
      write: [],
    });
    expect(loadTokens(sources({ ...named, controlTokensFile: file }))).toEqual({
      read: ['r'],
      control: ['c', 'of-a-file'],
      write: [],
    });
    expect(loadTokens(sources({ ...named, writeTokens: ['w'], writeTokensFile: file }))).toEqual({
      read: ['r'],
      control: ['c'],
      write: ['w', 'of-a-file'],
    });
  });

  it('reads a token a line, and no spaces around it, empty lines or comments', async () => {
    await writeFile(file, '# for Grafana\n\n  one \r\n!~#two\n');
    expect(loadTokens(sources({ readTokensFile: file })).read).toEqual(['one', '!~#two']);
  });

  const refusal = (files: Partial<TokenSources>): BridgeError => {
    try {
      loadTokens(sources(files));
    } catch (error) {
      return error as BridgeError;
    }
    throw new Error('expected a refusal, got tokens');
  };

  it('names the line of what is no token, and does not tell it', async () => {
    for (const wrong of ['two words', 'tōken', 'con\u0001trol']) {
      await writeFile(file, `# comment with spaces\none\n${wrong}\n`);
      const error = refusal({ readTokensFile: file });
      expect(error).toMatchObject({ code: 'invalid_config' });
      expect(error.message).toBe(
        `FLOW_READ_TOKENS_FILE: expected a token without spaces, of printable ASCII, on line 3 of ${file}`,
      );
    }
  });

  it('refuses a file that holds no token', async () => {
    await writeFile(file, '# none yet\n');
    const { message } = refusal({ controlTokensFile: file });
    expect(message).toBe(`FLOW_CONTROL_TOKENS_FILE: expected a token a line, got none in ${file}`);
  });

  it('says why a file can not be read', () => {
    const error = refusal({ readTokensFile: join(dir, 'absent') });
    expect(error.message).toMatch(/^FLOW_READ_TOKENS_FILE: expected a file that can be read, got .*ENOENT/);
    expect(error.cause).toMatchObject({ code: 'ENOENT' });
  });
});

describe('watchTokens', () => {
  const CHECK_MS = 10;
  const WAIT_MS = 2_000;
  /** Some checks later; the first one only learns how the file is. */
  const checks = (): Promise<void> => delay(10 * CHECK_MS);
  const WRITTEN = new Date(1_700_000_000_000);

  let seen: Tokens[];
  let told: unknown[][];
  let stop: () => void;

  beforeEach(async () => {
    seen = [];
    told = [];
    const tell = (...args: unknown[]): number => told.push(args);
    await writeFile(file, 'old\n');
    await utimes(file, WRITTEN, WRITTEN);
    stop = watchTokens(
      sources({ controlTokensFile: file }),
      (tokens) => seen.push(tokens),
      { info: tell, warn: tell } as unknown as Logger,
      CHECK_MS,
    );
    await checks();
  });

  afterEach(() => stop());

  const changes = (count: number) => waitFor(`${count} changes`, () => seen.length >= count, WAIT_MS);

  it('gives the tokens of a file that was written anew', async () => {
    await writeFile(file, 'new\n');
    await changes(1);
    expect(seen.at(-1)).toEqual({ read: [], control: ['new'], write: [] });
    expect(told.at(-1)).toEqual(['Tokens read again']);
  });

  it('gives the tokens of a file that took the place of the old one, though it is as old', async () => {
    const next = join(dir, 'next');
    await writeFile(next, 'new\n');
    await utimes(next, WRITTEN, WRITTEN);
    await rename(next, file);
    await changes(1);
    expect(seen.at(-1)?.control).toEqual(['new']);
  });

  it('gives nothing when the file was only read', async () => {
    await utimes(file, new Date(), WRITTEN);
    await checks();
    expect(seen).toEqual([]);
  });

  it('keeps the tokens as they are while the file is empty, and says why', async () => {
    await writeFile(file, '');
    await waitFor('a warning', () => told.length > 0, WAIT_MS);
    expect(seen).toEqual([]);
    expect(told.at(-1)).toEqual([
      { reason: `FLOW_CONTROL_TOKENS_FILE: expected a token a line, got none in ${file}` },
      'Tokens not read again; those known before are still good',
    ]);
  });

  it('gives nothing more once it has ended', async () => {
    stop();
    await writeFile(file, 'new\n');
    await checks();
    expect(seen).toEqual([]);
  });
});
