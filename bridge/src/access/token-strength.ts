import type { Tokens } from './token-files';

const MIN_TOKEN_CHARACTERS = 16;

/** How many tokens there are. */
export interface TokenCounts {
  read: number;
  control: number;
  /** Those that can be guessed. */
  short: number;
}

export function countTokens({ read, control, write }: Tokens): TokenCounts {
  const short = [...read, ...control, ...write].filter((token) => token.length < MIN_TOKEN_CHARACTERS).length;
  return { read: read.length, control: control.length, short };
}

/** What is wrong with tokens that work. */
export function checkTokens(tokens: Tokens): string[] {
  const { short } = countTokens(tokens);
  if (short === 0) return [];
  return [`${short} of the tokens can be guessed, as they are shorter than ${MIN_TOKEN_CHARACTERS} characters`];
}
