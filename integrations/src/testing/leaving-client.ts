import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import { testTracking, type TestFlow } from '@flow-tracking/express/testing';

/**
 * The flow of a request whose client leaves once the first bytes of the answer are there.
 *
 * @param handle answers the request; what it throws is Express' own
 */
export async function flowOfLeavingClient(handle: (req: Request, res: Response) => Promise<void>): Promise<TestFlow> {
  const tracking = testTracking();
  const app = express();
  app.use(tracking);
  app.get('/', handle);
  const http = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => http.once('listening', resolve));
  try {
    const leaving = new AbortController();
    const answer = await fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, { signal: leaving.signal });
    await answer.body?.getReader().read();
    leaving.abort();
    const [flow] = await tracking.flows();
    if (flow === undefined) throw new Error('No flow was recorded');
    return flow;
  } finally {
    const closed = new Promise((resolve) => http.close(resolve));
    // `fetch` connects anew after an abort, and keeps that connection.
    http.closeAllConnections();
    await closed;
  }
}
