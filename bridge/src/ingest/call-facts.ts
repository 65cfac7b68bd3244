import { ATTRIBUTES, firstChunkMs, modelsOf, type Attributes } from '@flow-tracking/protocol';
import { cleanText } from '../platform/postgres/clean-json';
import type { CallFacts } from './rows';

/** The attributes that tell of a call. */
export const CALL_ATTRIBUTES = [
  ATTRIBUTES.requestModel,
  ATTRIBUTES.responseModel,
  ATTRIBUTES.cachedInputTokens,
  ATTRIBUTES.firstChunkMs,
  ATTRIBUTES.timeToFirstChunk,
  ATTRIBUTES.timeToFirstToken,
];

/** Tokens of one checkpoint beyond this are a mistake: they stay an attribute, and no sum has them. */
const MAX_TOKENS = 1e12;
/** A wait for a first chunk beyond this, a day, is a mistake. */
const MAX_FIRST_CHUNK_MS = 86_400_000;
/** Characters of a model's name: it is part of a key. */
const MAX_MODEL = 255;

/** A count of tokens; null where the attribute is no such count. */
export function tokensOf(attributes: Attributes | undefined, name: string): number | null {
  const value = attributes?.[name];
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_TOKENS ? value : null;
}

const NO_CALL: CallFacts = { model: '', cachedInputTokens: 0, firstChunkMs: null };

/** @param inputTokens of the call; no more than these came from a cache */
export function callFacts(attributes: Attributes, inputTokens: number): CallFacts {
  if (!CALL_ATTRIBUTES.some((name) => attributes[name] !== undefined)) return NO_CALL;
  const waitedMs = firstChunkMs(attributes);
  const cached = tokensOf(attributes, ATTRIBUTES.cachedInputTokens) ?? 0;
  return {
    model: cleanText((modelsOf(attributes)[0] ?? '').slice(0, MAX_MODEL)),
    cachedInputTokens: Math.min(cached, inputTokens),
    firstChunkMs: waitedMs !== null && waitedMs <= MAX_FIRST_CHUNK_MS ? waitedMs : null,
  };
}
