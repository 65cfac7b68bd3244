import { ATTRIBUTES } from './attributes';
import type { Attributes } from './values';

/** Tokens of one model call. */
export interface Usage {
  /** All that went in, those from a cache among them. */
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
}

function amount(attributes: Attributes, name: string): number | null {
  const value = attributes[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

/** Null for a node that tells no tokens. */
export function usageOf(attributes: Attributes): Usage | null {
  const input = amount(attributes, ATTRIBUTES.inputTokens);
  const output = amount(attributes, ATTRIBUTES.outputTokens);
  if (input === null && output === null) return null;
  const cached = amount(attributes, ATTRIBUTES.cachedInputTokens) ?? 0;
  return { input: input ?? 0, cachedInput: Math.min(cached, input ?? 0), output: output ?? 0 };
}

/** Names of the model, the one that answered first. */
export function modelsOf(attributes: Attributes): string[] {
  return [attributes[ATTRIBUTES.responseModel], attributes[ATTRIBUTES.requestModel]].filter(
    (name): name is string => typeof name === 'string' && name !== '',
  );
}

/** From a node's begin to its first chunk, ms; null when it does not say. OpenTelemetry counts seconds. */
export function firstChunkMs(attributes: Attributes): number | null {
  const ms = amount(attributes, ATTRIBUTES.firstChunkMs);
  if (ms !== null) return ms;
  const seconds = amount(attributes, ATTRIBUTES.timeToFirstChunk) ?? amount(attributes, ATTRIBUTES.timeToFirstToken);
  return seconds === null ? null : seconds * 1_000;
}

/**
 * Output tokens a second, from the first chunk to the end, or over the whole duration where no first chunk is known. Null
 * while it runs and where nothing can be told.
 */
export function tokensPerSecond(attributes: Attributes, durationMs: number | null): number | null {
  const output = usageOf(attributes)?.output ?? 0;
  if (output === 0 || durationMs === null) return null;
  const firstMs = firstChunkMs(attributes) ?? 0;
  // A first chunk that came with the end, or after it, tells nothing of how long the others took.
  const ms = firstMs < durationMs ? durationMs - firstMs : durationMs;
  return ms > 0 ? (output / ms) * 1_000 : null;
}
