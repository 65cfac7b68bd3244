/**
 * A server as an application has it, with the built middleware: started as a process of its own by tests that break its
 * Redis. It watches itself, and tells on /stats, on /report and, in a last line of JSON, when it has ended.
 */
import { createHistogram } from 'node:perf_hooks';
import { flowTracking } from '@flow-tracking/express';
import express from 'express';

const SAMPLE_MS = 20;
const REQUESTS_PER_SAMPLE = 50;
const MIB = 1024 * 1024;

/** @type {import('./host.js').HostWarning[]} */
const warnings = [];
const nothing = () => undefined;
const tracking = flowTracking({
  // Nothing is trimmed, so that what is missing in the stream is lost.
  limits: { streamBytes: 1024 * MIB },
  logger: {
    debug: nothing,
    info: nothing,
    warn: (fields, message) => {
      warnings.push({ ...fields, code: 'code' in fields ? String(fields.code) : '', message, atMs: performance.now() });
    },
    error: (_fields, message) => {
      throw new Error(`An error was logged: ${message}`);
    },
  },
});

/** Time from before the middleware to after the handler's last checkpoint, with Express' routing in it. */
const tookNs = createHistogram();
const worst = { samples: 0, unbalanced: 0, queuedBytes: 0, queuedEvents: 0, rssMb: 0 };

function sample() {
  const { recorded, written, dropped, queued } = tracking.stats();
  worst.samples += 1;
  if (recorded !== written + dropped.closed + queued.events) worst.unbalanced += 1;
  worst.queuedBytes = Math.max(worst.queuedBytes, queued.bytes);
  worst.queuedEvents = Math.max(worst.queuedEvents, queued.events);
  worst.rssMb = Math.max(worst.rssMb, process.memoryUsage.rss() / MIB);
}

/** What is alive, in MiB: buffers, too, since a client's backlog would be in those. */
function memoryMb() {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MIB;
}

let requests = 0;
let startedMs = 0;
const app = express();
app.disable('etag');
app.get('/stats', (_req, res) => {
  res.json(tracking.stats());
});
app.get('/report', (_req, res) => {
  const p99Ms = requests === 0 ? 0 : tookNs.percentile(99) / 1e6;
  res.json({ stats: tracking.stats(), worst, warnings, requests, p99Ms, memoryMb: memoryMb() });
});
app.use((_req, _res, next) => {
  startedMs = performance.now();
  next();
});
app.use(tracking);
app.get('/ask/:user', (req, res) => {
  const { flow } = req;
  flow.identify({ userId: req.params.user });
  flow.checkpoint('auth_check', { status: 'passed' });
  flow.checkpoint('block_check', { status: 'passed' });
  flow.checkpoint('usage_check', { tokens_left: 950 });
  flow.checkpoint('prompt_built', { messages: 3 });
  flow.checkpoint('llm_thinking', { 'gen_ai.request.model': 'sim-1', 'gen_ai.usage.output_tokens': 812 });
  flow.checkpoint('llm_complete', { finish_reason: 'stop' });
  tookNs.record(Math.max(1, Math.round((performance.now() - startedMs) * 1e6)));
  requests += 1;
  if (requests % REQUESTS_PER_SAMPLE === 0) sample();
  res.end('ok');
});

const sampler = setInterval(sample, SAMPLE_MS);
const server = app.listen(Number(process.env['PORT']), '127.0.0.1');

process.once('SIGTERM', () => {
  clearInterval(sampler);
  server.close(() => {
    const closingMs = performance.now();
    void tracking.close().then(() => {
      const closeMs = performance.now() - closingMs;
      // No process.exit: that nothing is left that keeps the process alive is a part of the promise.
      console.log(JSON.stringify({ closeMs, stats: tracking.stats(), warnings }));
    });
  });
});
