/**
 * A server as an application has it. At SIGTERM it closes itself, waits CUT_MS for what runs, if that is set, and cuts it
 * off; with CLOSE=true it closes the tracking then. It never calls process.exit: that it ends is what is tested.
 */
import { flowTracking } from '@flow-tracking/express';
import express from 'express';

const { PORT, CLOSE, CUT_MS } = process.env;
const tracking = flowTracking();
const app = express();
app.use(tracking);
app.get('/ask', (req, res) => {
  req.flow.checkpoint('auth_check');
  res.end('ok');
});
app.get('/endless', (req, res) => {
  req.flow.checkpoint('auth_check');
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  res.write('data: begun\n\n');
  const timer = setInterval(() => res.write('data: more\n\n'), 20);
  res.once('close', () => clearInterval(timer));
});
const server = app.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => {
  server.close(() => {
    if (CLOSE === 'true') void tracking.close();
  });
  if (CUT_MS !== undefined) setTimeout(() => server.closeAllConnections(), Number(CUT_MS)).unref();
});
