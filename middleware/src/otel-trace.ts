import { createRequire } from 'node:module';
import type { Warn } from './logger';

/** The part of `@opentelemetry/api` that is used here. */
interface OtelApi {
  readonly trace: {
    getActiveSpan(): { spanContext(): { readonly traceId: string } } | undefined;
  };
  isValidTraceId(traceId: string): boolean;
}

/**
 * Returns a function that gives the active span's trace id. The application has `@opentelemetry/api` if it traces at all;
 * where it is missing that is told once, and the function gives nothing.
 *
 * @param load throws when the package is missing
 */
export function createOtelTraceId(
  warn: Warn,
  load: (name: string) => unknown = createRequire(__filename),
): () => string | undefined {
  let api: OtelApi;
  try {
    api = load('@opentelemetry/api') as OtelApi;
  } catch (error) {
    const message = "Option traceId is 'otel', but @opentelemetry/api can't be loaded; install it beside this package";
    warn('otel_missing', message, { error });
    return () => undefined;
  }
  return () => {
    const traceId = api.trace.getActiveSpan()?.spanContext().traceId;
    return traceId !== undefined && api.isValidTraceId(traceId) ? traceId : undefined;
  };
}
