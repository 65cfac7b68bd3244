// One variant's Express server, a process of its own, told what to do over IPC.
import { createRequire } from 'node:module';

/**
 * What a variant brings. `before` is mounted ahead of the route; `handler` records six checkpoints and answers.
 *
 * @typedef {object} Variant
 * @property {import('express').RequestHandler[]} before
 * @property {import('express').RequestHandler} handler
 * @property {() => Promise<void>} flush resolves when all that was recorded has left the process
 * @property {() => Recorded} recorded
 * @property {() => Promise<void>} close
 */

/** @typedef {{ events: number, dropped: number }} Recorded events taken since the start, and those given up */
/** @typedef {{ cpuUs: number, recorded: Recorded }} Reading */

const [, , variantName = '', redisUrl = '', otlpUrl = ''] = process.argv;

/** @type {{ createVariant: (urls: { redisUrl: string, otlpUrl: string }) => Promise<Variant> }} */
const { createVariant } = await import(`./variants/${variantName}.mjs`);
const variant = await createVariant({ redisUrl, otlpUrl });

// Required, and only now, since OpenTelemetry's instrumentation patches what is required after it.
/** @type {import('express')} */
const express = createRequire(import.meta.url)('express');
const app = express();
for (const middleware of variant.before) app.use(middleware);
app.get('/ask/:id', variant.handler);
const server = app.listen(0, '127.0.0.1', () => {
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.({ port: address.port });
});

// Between two slices a connection may be idle for long. Node closes one without a first request after `headersTimeout`, too.
server.keepAliveTimeout = 600_000;
server.headersTimeout = 0;
server.requestTimeout = 0;

/** @returns {Reading} */
function read() {
  const { user, system } = process.cpuUsage();
  return { cpuUs: user + system, recorded: variant.recorded() };
}

process.on('message', async (command) => {
  if (command === 'read') process.send?.(read());
  if (command === 'flush') {
    await variant.flush();
    process.send?.(read());
  }
});
// The runner is gone.
process.on('disconnect', () => process.exit(1));
/** @returns {Promise<void>} */
const close = () => new Promise((resolve) => server.close(() => resolve()));
process.once('SIGTERM', () => {
  server.closeAllConnections();
  void close()
    .then(variant.close)
    .then(() => process.exit(0));
});
