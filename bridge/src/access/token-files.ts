import { readFileSync, unwatchFile, watchFile, type Stats } from 'node:fs';
import { BridgeError, messageOf } from '../errors';
import type { Logger } from '../platform/logger';

/** How often a file is looked at. Looking, as it also sees a mounted secret that is swapped by a symbolic link. */
const CHECK_MS = 2_000;
/** What a header can carry as one word. */
const TOKEN = /^[\x21-\x7e]+$/;

/** Tokens by what they are good for. */
export interface Tokens {
  read: readonly string[];
  control: readonly string[];
  /** Good for sending spans, and for nothing else. */
  write: readonly string[];
}

/** Where tokens come from: those that the environment names, and those of files. */
export interface TokenSources {
  readTokens: readonly string[];
  controlTokens: readonly string[];
  writeTokens: readonly string[];
  readTokensFile: string | undefined;
  controlTokensFile: string | undefined;
  writeTokensFile: string | undefined;
}

function readTokenFile(variable: string, file: string | undefined): string[] {
  if (file === undefined) return [];
  const fail = (problem: string, cause?: unknown): never => {
    throw new BridgeError('invalid_config', 500, `${variable}: ${problem}`, { cause });
  };
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    fail(`expected a file that can be read, got ${messageOf(error)}`, error);
  }
  const lines = text.split('\n').map((line) => line.trim());
  const tokens = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const wrong = lines.findIndex((line) => tokens.includes(line) && !TOKEN.test(line));
  if (wrong !== -1) fail(`expected a token without spaces, of printable ASCII, on line ${wrong + 1} of ${file}`);
  if (tokens.length === 0) fail(`expected a token a line, got none in ${file}`);
  return tokens;
}

/**
 * All tokens as they are now.
 *
 * @throws {BridgeError} `invalid_config`: a file can not be read, is empty, or holds what is no token
 */
export function loadTokens(sources: TokenSources): Tokens {
  return {
    read: [...sources.readTokens, ...readTokenFile('FLOW_READ_TOKENS_FILE', sources.readTokensFile)],
    control: [...sources.controlTokens, ...readTokenFile('FLOW_CONTROL_TOKENS_FILE', sources.controlTokensFile)],
    write: [...sources.writeTokens, ...readTokenFile('FLOW_WRITE_TOKENS_FILE', sources.writeTokensFile)],
  };
}

/**
 * Calls `onChange` when a file has changed, so that rotating tokens takes no restart. A file that is gone, empty or
 * half written changes nothing. Returns what ends it.
 *
 * @param checkMs how often the files are looked at
 */
export function watchTokens(
  sources: TokenSources,
  onChange: (tokens: Tokens) => void,
  logger: Logger,
  checkMs = CHECK_MS,
): () => void {
  const reload = (now: Stats, before: Stats): void => {
    // That someone has read it is told, too.
    if (now.mtimeMs === before.mtimeMs && now.ino === before.ino) return;
    try {
      onChange(loadTokens(sources));
      logger.info('Tokens read again');
    } catch (error) {
      logger.warn({ reason: messageOf(error) }, 'Tokens not read again; those known before are still good');
    }
  };
  const { readTokensFile, controlTokensFile, writeTokensFile } = sources;
  const files = [readTokensFile, controlTokensFile, writeTokensFile].filter((file) => file !== undefined);
  for (const file of files) watchFile(file, { interval: checkMs, persistent: false }, reload);
  return () => {
    for (const file of files) unwatchFile(file, reload);
  };
}
