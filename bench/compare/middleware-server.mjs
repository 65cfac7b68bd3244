// An Express server with the middleware of one tree, a process of its own, told what to do over IPC.
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const [, , root = '', prefix = '', redisUrl = '', userId = ''] = process.argv;
/** @type {typeof import('@flow-tracking/express')} */
const { flowTracking } = await import(pathToFileURL(path.join(root, 'middleware/dist/index.js')).href);
/** @type {import('express')} */
const express = createRequire(path.join(root, 'middleware/package.json'))('express');

const tracking = flowTracking({ redis: redisUrl, prefix, partitions: 1, userId: () => userId });
const app = express();
app.use(tracking);
app.get('/ask/:id', ({ flow }, res) => {
  flow.checkpoint('auth_check', { status: 'passed' });
  flow.checkpoint('block_check', { status: 'passed' });
  flow.checkpoint('usage_check', { tokens_left: 950 });
  flow.checkpoint('llm_thinking', { 'gen_ai.request.model': 'gpt-4o' });
  flow.checkpoint('tool_call', { 'gen_ai.tool.name': 'search' });
  flow.checkpoint('llm_complete', { 'gen_ai.usage.output_tokens': 812 });
  res.json({ ok: true });
});
while (!tracking.stats().connected) await delay(10);
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.({ port });
});

/** @typedef {{ cpuUs: number, dropped: number, monitored: number }} Reading */

process.on('message', async (command) => {
  if (command === 'flush') await tracking.flush();
  const { user, system } = process.cpuUsage();
  const { dropped, monitoring } = tracking.stats();
  /** @type {Reading} */
  const reading = { cpuUs: user + system, dropped: dropped.queue_full + dropped.closed, monitored: monitoring.users };
  process.send?.(reading);
});
// The runner is gone.
process.on('disconnect', () => process.exit(1));
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => void tracking.close().then(() => process.exit(0)));
});
