import type { ResourceSpans } from './otlp-json';

const TIMEOUT_MS = 10_000;
/** What a collector's answers are read to at most. */
const ANSWER_CHARACTERS = 1_000;
/** Those that OTLP tells to try again. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** What became of a message. */
export type PostOutcome =
  | { readonly kind: 'taken'; /** Spans that the collector did not want. */ readonly rejected: number }
  | {
      readonly kind: 'later';
      readonly reason: string;
      /** As the collector asked; undefined: it did not. */ readonly afterMs: number | undefined;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** Sends a message; never rejects. */
export type PostSpans = (spans: readonly ResourceSpans[], signal: AbortSignal) => Promise<PostOutcome>;

function rejectedSpans(answer: string): number {
  try {
    const { partialSuccess } = JSON.parse(answer) as { partialSuccess?: { rejectedSpans?: number | string } };
    const rejected = Number(partialSuccess?.rejectedSpans ?? 0);
    return Number.isSafeInteger(rejected) && rejected > 0 ? rejected : 0;
  } catch {
    // Not every collector answers in JSON.
    return 0;
  }
}

/** @param header seconds, or a date */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** Makes what sends spans to a collector by OTLP/HTTP, as JSON. */
export function createPostSpans(url: string, headers: Readonly<Record<string, string>>): PostSpans {
  return async (resourceSpans, signal) => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ resourceSpans }),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      const answer = (await response.text()).slice(0, ANSWER_CHARACTERS);
      if (response.ok) return { kind: 'taken', rejected: rejectedSpans(answer) };
      const reason = `HTTP ${response.status}`;
      if (!RETRYABLE.has(response.status)) return { kind: 'refused', reason };
      return { kind: 'later', reason, afterMs: retryAfterMs(response.headers.get('retry-after')) };
    } catch (error) {
      const { cause, name } = error as Error & { cause?: { code?: string } };
      return { kind: 'later', reason: cause?.code ?? name, afterMs: undefined };
    }
  };
}
