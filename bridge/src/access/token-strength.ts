import type { Tokens } from './token-files';

const MIN_TOKEN_CHARACTERS = 16;

/** What is wrong with tokens that work. */
export function checkTokens(tokens: Tokens): string[] {
  const short = countShortTokens(tokens);
  if (short === 0) return [];
  return [`${short} of the tokens can be guessed, as they are shorter than ${MIN_TOKEN_CHARACTERS} characters`];
}

export function countShortTokens(tokens: Tokens): number {
  return [...tokens.read, ...tokens.control].filter((token) => token.length < MIN_TOKEN_CHARACTERS).length;
}
