/** Express as it is. @returns {Promise<import('../server.mjs').Variant>} */
export function createVariant() {
  return Promise.resolve({
    before: [],
    handler: (_req, res) => {
      res.json({ ok: true });
    },
    flush: () => Promise.resolve(),
    recorded: () => ({ events: 0, dropped: 0 }),
    close: () => Promise.resolve(),
  });
}
