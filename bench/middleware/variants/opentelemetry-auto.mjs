import { trace } from '@opentelemetry/api';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { createProvider, recordSpans } from './opentelemetry.mjs';

/**
 * OpenTelemetry as its guide sets it up: http and express instrumented, the checkpoints as spans beside theirs.
 *
 * @param {{ otlpUrl: string }} urls
 * @returns {Promise<import('../server.mjs').Variant>}
 */
export function createVariant({ otlpUrl }) {
  const tracerProvider = createProvider(otlpUrl);
  registerInstrumentations({
    tracerProvider,
    instrumentations: [
      // The exporter's own requests are none of the application's.
      new HttpInstrumentation({ ignoreOutgoingRequestHook: () => true }),
      new ExpressInstrumentation(),
    ],
  });
  const tracer = trace.getTracer('bench');
  return Promise.resolve({
    before: [],
    handler: (_req, res) => {
      recordSpans(tracer);
      res.json({ ok: true });
    },
    flush: () => tracerProvider.forceFlush(),
    recorded: () => ({ events: 0, dropped: 0 }),
    close: () => tracerProvider.shutdown(),
  });
}
