import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What every tracer needs and nothing else: a layer of Express, an async context, and a listener for the end.
 *
 * @returns {import('../server.mjs').Variant}
 */
export function createVariant() {
  /** @type {AsyncLocalStorage<{ isEnded: boolean }>} */
  const context = new AsyncLocalStorage();
  return {
    before: [
      (_req, res, next) => {
        const flow = { isEnded: false };
        res.on('close', () => {
          flow.isEnded = true;
        });
        context.run(flow, next);
      },
    ],
    handler: (_req, res) => {
      res.json({ ok: true });
    },
    flush: async () => undefined,
    recorded: () => ({ events: 0, dropped: 0 }),
    close: async () => undefined,
  };
}
