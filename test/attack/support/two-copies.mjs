/** Loads the copies of the package whose paths it is given, and tells what each sees of a request that the first records. */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import express from 'express';

const require = createRequire(import.meta.url);
/** @typedef {typeof import('@flow-tracking/express')} Copy */
const [firstPath = '', secondPath = ''] = process.argv.slice(2);
const first = /** @type {Copy} */ (require(firstPath));
const second = /** @type {Copy} */ (require(secondPath));
const tracking = first.flowTracking();
const other = second.flowTracking();
const app = express();
app.use(tracking, other);
app.get('/', (req, res) => {
  const seen = second.currentFlow();
  seen.checkpoint('by_the_other');
  res.json({
    isOther: first.currentFlow !== second.currentFlow,
    recording: seen.recording,
    same: seen === req.flow,
  });
});
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = /** @type {import('node:net').AddressInfo} */ (server.address());
const answer = /** @type {object} */ (await (await fetch(`http://127.0.0.1:${address.port}/`)).json());
server.closeAllConnections();
await new Promise((resolve) => server.close(resolve));
await Promise.all([tracking.close(), other.close()]);
console.log(JSON.stringify({ ...answer, recorded: [tracking.stats().recorded, other.stats().recorded] }));
