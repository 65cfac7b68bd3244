import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ModelRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

/** Answers one request. */
export type ModelAnswer = (res: ServerResponse, request: ModelRequest) => void;

/** A server on loopback that speaks as a model's provider does: each test says what. */
export interface ModelServer {
  readonly url: string;
  readonly requests: ModelRequest[];
  /** What the next requests get, in order; the last one is for all that follow. */
  answers: ModelAnswer[];
  close(): Promise<void>;
}

async function readBody(req: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const data of req) text += String(data);
  return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
}

export async function startModelServer(): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const http = createServer((req, res) => {
    void readBody(req).then((body) => {
      const request = { path: req.url ?? '', headers: req.headers, body };
      requests.push(request);
      const [next] = server.answers.length > 1 ? server.answers.splice(0, 1) : server.answers;
      next?.(res, request);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => http.once('listening', resolve));
  const server: ModelServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests,
    answers: [],
    close: () =>
      new Promise((resolve) => {
        http.close(() => {
          resolve();
        });
        http.closeAllConnections();
      }),
  };
  return server;
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): ModelAnswer {
  return (res) => {
    res.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_1', ...headers });
    res.end(JSON.stringify(body));
  };
}

type Named = Readonly<{ type?: string }>;

/** Server-sent events, named by their `type` if they have one. */
export function eventText(event: object): string {
  const { type } = event as Named;
  return `${type === undefined ? '' : `event: ${type}\n`}data: ${JSON.stringify(event)}\n\n`;
}

/** @param end what comes after the events; null: the stream stays open */
export function events(all: readonly object[], end: string | null = 'data: [DONE]\n\n'): ModelAnswer {
  return (res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_1' });
    for (const event of all) res.write(eventText(event));
    if (end !== null) res.end(end);
  };
}

/** A stream whose connection breaks after these events. */
export function brokenOff(all: readonly object[]): ModelAnswer {
  return (res) => {
    events(all, null)(res, { path: '', headers: {}, body: {} });
    // What was written has to be sent first.
    setImmediate(() => res.destroy());
  };
}

export interface HeldBack {
  readonly answer: ModelAnswer;
  /** Sends the rest, and ends the stream. */
  release: () => void;
}

/** A stream that stops after its first events until it is released. */
export function heldBack(first: readonly object[], rest: readonly object[]): HeldBack {
  const held: HeldBack = {
    answer: (res, request) => {
      events(first, null)(res, request);
      held.release = () => {
        for (const event of rest) res.write(eventText(event));
        res.end('data: [DONE]\n\n');
      };
    },
    release: () => {
      throw new Error('Nothing has asked for the stream');
    },
  };
  return held;
}
