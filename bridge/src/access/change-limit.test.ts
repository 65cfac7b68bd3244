import express, { type ErrorRequestHandler } from 'express';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BridgeError } from '../errors';
import { setCaller } from './caller';
import { limitChanges } from './change-limit';

let server: Server;

/** Who asks names itself by a header here. */
async function change(caller: string, headers: Record<string, string> = {}): Promise<Response> {
  const { port } = server.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: { caller, ...headers } });
}

const tellError: ErrorRequestHandler = (error, _req, res, _next) => {
  const { httpStatus, code, message } = error as BridgeError;
  res.status(httpStatus).json({ code, message });
};

beforeEach(async () => {
  const app = express();
  app.use((req, res, next) => {
    setCaller(res, String(req.get('caller')));
    next();
  });
  app.post('/', limitChanges(2), (_req, res) => void res.json({}));
  app.use(tellError);
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('limitChanges', () => {
  it('lets each caller change so much a minute, and tells the others how long to wait', async () => {
    expect((await change('one')).status).toBe(200);
    expect((await change('one')).status).toBe(200);
    const refused = await change('one');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toEqual({
      code: 'rate_limited',
      message: 'At most 2 changes a minute; see the header Retry-After',
    });
    expect((await change('other')).status).toBe(200);
  });

  it('tells how much is left by the standard header alone', async () => {
    const { headers } = await change('one');
    expect(headers.get('ratelimit')).toMatch(/^limit=2, remaining=1, reset=\d+$/);
    expect(headers.get('x-ratelimit-limit')).toBeNull();
  });

  it('goes by no header of a proxy, and makes no noise about it', async () => {
    const log = jest.spyOn(console, 'error').mockImplementation();
    const proxy = { forwarded: 'for=192.0.2.1', 'x-forwarded-for': '192.0.2.1' };
    for (let i = 0; i < 2; i++) await change('one', proxy);
    expect((await change('one', { 'x-forwarded-for': '192.0.2.2' })).status).toBe(429);
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });
});
