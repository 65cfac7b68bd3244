import { ATTRIBUTES } from '@flow-tracking/protocol';

/** The attributes that tell of a call. */
const NAMES = [
  ATTRIBUTES.requestModel,
  ATTRIBUTES.responseModel,
  ATTRIBUTES.cachedInputTokens,
  ATTRIBUTES.firstChunkMs,
  ATTRIBUTES.timeToFirstChunk,
  ATTRIBUTES.timeToFirstToken,
];

/** SQL of the attributes of `checkpoints AS alias` that tell of a call, and of no others: those may be large. */
export function callAttributes(alias: string): string {
  const pairs = NAMES.map((name) => `'${name}', ${alias}.attributes -> '${name}'`);
  return `jsonb_strip_nulls(jsonb_build_object(${pairs.join(', ')}))`;
}
