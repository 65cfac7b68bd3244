import express from 'express';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setCaller } from '../../access/caller';
import { createEndpoints } from '../../http/endpoint';
import { createErrorHandler } from '../../http/errors';
import { createLogger } from '../../platform/logger';
import { mountExport } from './export-endpoint';
import { createExportSlots } from './export-slots';

/** Longer than the tests below leave an export unread, but the one of it. */
const IDLE_MS = 3_000;
const PIECE = 'x'.repeat(64 * 1024);

let server: Server;
let taken: number;
let end: Promise<void>;

/** Pieces without end; `end` resolves when nobody wants more of them. */
function endlessPieces(): AsyncGenerator<string> {
  taken = 0;
  let ended = (): void => undefined;
  end = new Promise((resolve) => (ended = resolve));
  return (async function* () {
    try {
      for (;;) {
        taken += 1;
        // As a page of a database would.
        await new Promise((resolve) => setImmediate(resolve));
        yield PIECE;
      }
    } finally {
      ended();
    }
  })();
}

beforeEach(async () => {
  const app = express();
  app.use((_req, res, next) => {
    setCaller(res, 'one');
    next();
  });
  mountExport(createEndpoints(app), {
    exportFlows: endlessPieces,
    exportSlots: createExportSlots(2),
    readerIdleMs: IDLE_MS,
    logger: createLogger('silent', 'json'),
  });
  app.use(createErrorHandler(createLogger('silent', 'json')));
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function open(): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo;
  const request = get({ port, path: '/api/v1/flows/export', agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

describe('an export', () => {
  it('takes no more pieces than its client reads, but for what sockets hold', async () => {
    const response = await open();
    response.pause();
    // There is no event of nothing being taken.
    let before = -1;
    while (before !== taken) {
      before = taken;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(taken).toBeLessThan(400);
    response.resume();
    while (taken < before + 200) await once(response, 'data');
    response.destroy();
    await end;
  });

  it('is cut off when nothing of it is read for too long, and leaves its slot to another', async () => {
    const unread = await open();
    unread.pause();
    const { statusCode, headers } = await open();
    expect([statusCode, Number(headers['retry-after']) > 0]).toEqual([503, true]);
    const cutOff = once(unread, 'error');
    await end;
    unread.resume();
    expect((await cutOff)[0]).toMatchObject({ code: 'ECONNRESET' });
    const next = await open();
    expect(next.statusCode).toBe(200);
    next.destroy();
    await end;
  });

  it('takes none after its client has gone, read or unread', async () => {
    for (const isRead of [true, false]) {
      const response = await open();
      if (isRead) await once(response, 'data');
      response.destroy();
      await end;
    }
  });
});
