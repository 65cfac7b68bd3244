// A chat server with the middleware, a process of its own, told what to do over IPC.
import { setTimeout } from 'node:timers/promises';
import { flowTracking } from '@flow-tracking/express';
import express from 'express';
import { collectGarbage, memoryInUse } from '../memory.mjs';
import { HALF_MS, PREFIX, USERS, WATCHED, WATCHED_EVERY } from './size.mjs';

/** @typedef {import('@flow-tracking/express').FlowTrackingStats} FlowTrackingStats */
/** @typedef {{ stats: FlowTrackingStats } & import('../memory.mjs').Memory} Reading */

const [, , redisUrl = ''] = process.argv;
const tracking = flowTracking({ redis: redisUrl, prefix: PREFIX, service: 'soak' });
let requests = 0;

const app = express();
app.use(tracking);
app.get('/ask/:id', async ({ flow }, res) => {
  const n = requests++;
  flow.checkpoint('auth_check', { status: 'passed' });
  flow.identify({ userId: n % WATCHED_EVERY === 0 ? WATCHED : `user-${n % USERS}` });
  flow.checkpoint('block_check', { status: 'passed' });
  flow.checkpoint('usage_check', { tokens_left: 950 });
  const llm = flow.begin('llm_thinking', { 'gen_ai.request.model': 'sim-1' });
  await setTimeout(HALF_MS);
  const tool = llm.begin('tool_call', { 'gen_ai.tool.name': 'search' });
  await setTimeout(HALF_MS);
  tool.end();
  llm.end({ 'gen_ai.usage.output_tokens': 100 });
  flow.checkpoint('llm_complete');
  res.json({ ok: true });
});

const server = app.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.({ port });
});

// The load keeps connections in reserve for when answers are late.
Object.assign(server, { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 });

process.on('message', async (command) => {
  if (command === 'flush') await tracking.flush();
  collectGarbage();
  process.send?.({ stats: tracking.stats(), ...memoryInUse() });
});
// The runner is gone.
process.on('disconnect', () => process.exit(1));
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => void tracking.close().then(() => process.exit(0)));
});
