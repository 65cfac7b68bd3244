import { parseEvent, redisKeys, type FlowEvent } from '@flow-tracking/protocol';
import express, { type IRouter, type RequestHandler } from 'express';
import type { Redis } from 'ioredis';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { uniquePrefix } from '../../../../test/support/services';
import { errorHandler, flowTracking } from '../../index';
import { connectRaw, inTime, render, requestBytes, type RawClient, type RequestParts } from './raw-client';

export type ExpressModule = typeof express;
type Mountable = Pick<IRouter, 'use'>;

/** The majors that the package supports. Of the alias there are no types; what the scenarios use is alike in both. */
export const EXPRESS = {
  4: createRequire(__filename)('express4') as ExpressModule,
  5: express,
} as const;

export type Major = keyof typeof EXPRESS;

/** What a scenario's handlers and its client have of the run that they are in. */
export interface Kit {
  readonly express: ExpressModule;
  readonly major: Major;
  readonly server: Server;
  readonly port: number;
  /** The middleware, or nothing in the run without it. */
  readonly tracking: RequestHandler[];
  readonly track: (app: Mountable) => void;
  readonly trackErrors: (app: Mountable) => void;
  /** Keeps what a handler saw; the order of all notes is compared. */
  readonly note: (text: string) => void;
  /** Opens the gate of that name, which `until` waits for: handler and client take turns without a clock. */
  readonly open: (gate: string) => void;
  readonly until: (gate: string) => Promise<void>;
  readonly connect: () => RawClient;
  /** One request on a connection of its own, and all that came for it. */
  readonly ask: (method: string, path: string, parts?: RequestParts) => Promise<string>;
}

/** The same handlers and the same client, to be run with the middleware and without it. */
export interface Scenario {
  readonly name: string;
  /** Default false: the middleware is mounted for the whole application, before the routes. */
  readonly mountsItself?: boolean;
  /** What stands before the middleware. */
  before?(app: express.Express, kit: Kit): void;
  routes(app: express.Express, kit: Kit): void;
  /** Returns what the client saw. */
  client(kit: Kit): Promise<unknown>;
  /** The flows that it leaves: name, how it ended, status of the answer. */
  readonly flows: readonly string[] | ((major: Major) => readonly string[]);
}

/** What must not differ. */
export interface Outcome {
  client: unknown;
  notes: string[];
  /** Of each request and its response; how those of two requests mix is chance. */
  events: Map<string, string[]>;
}

// Not `timeout`: whoever listens to that has to close the connection.
const RESPONSE_EVENTS = ['pipe', 'prefinish', 'finish', 'close', 'error'];
const REQUEST_EVENTS = ['end', 'close', 'aborted', 'error'];

/** Refuses connections; what is recorded need not be waited for. */
const NO_REDIS = 'redis://127.0.0.1:1';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Stands first in every run: keeps the events of requests and responses, and knows when all have closed. */
function createObserver(): { events: Map<string, string[]>; handler: RequestHandler; idle(): Promise<void> } {
  let seen = 0;
  const closings: Promise<void>[] = [];
  const events: Outcome['events'] = new Map();
  const handler: RequestHandler = (req, res, next) => {
    const own: string[] = [];
    events.set(`${(seen += 1)} ${req.method} ${req.originalUrl}`, own);
    const follow = (name: string, emitter: NodeJS.EventEmitter, names: readonly string[]): void => {
      for (const event of names) {
        emitter.on(event, (error?: unknown) => {
          const code = error instanceof Error ? ` ${(error as NodeJS.ErrnoException).code ?? error.message}` : '';
          own.push(`${name} ${event}${code}`);
        });
      }
    };
    follow('req', req, REQUEST_EVENTS);
    follow('res', res, RESPONSE_EVENTS);
    closings.push(
      new Promise((resolve) => {
        res.once('close', resolve);
        // A response that waits behind another one on its connection is told nothing when that is lost.
        req.socket.once('close', () => setImmediate(resolve));
      }),
    );
    next();
  };
  return {
    events,
    handler,
    async idle() {
      await inTime('every response closes', Promise.all(closings));
    },
  };
}

function createGates(): Pick<Kit, 'open' | 'until'> {
  const gates = new Map<string, { passed: Promise<void>; open: () => void }>();
  const gate = (name: string) => {
    let found = gates.get(name);
    if (found === undefined) {
      let open: () => void = () => undefined;
      const passed = new Promise<void>((resolve) => (open = resolve));
      found = { passed, open };
      gates.set(name, found);
    }
    return found;
  };
  return {
    open: (name) => {
      gate(name).open();
    },
    until: (name) => inTime(`the gate "${name}" opens`, gate(name).passed),
  };
}

/** @param redisUrl where the middleware records; undefined: it is not mounted */
async function run(
  scenario: Scenario,
  major: Major,
  tracked: { redisUrl: string; prefix: string } | undefined,
): Promise<Outcome> {
  const notes: string[] = [];
  const note = (text: string): void => {
    notes.push(text);
  };
  const tracking =
    tracked && flowTracking({ redis: tracked.redisUrl, prefix: tracked.prefix, partitions: 1, logger: silent });
  const app = EXPRESS[major]();
  const server = createServer(app);
  const observer = createObserver();
  const kit: Kit = {
    express: EXPRESS[major],
    major,
    server,
    get port() {
      return (server.address() as AddressInfo).port;
    },
    tracking: tracking === undefined ? [] : [tracking],
    track: (target) => tracking && target.use(tracking),
    trackErrors: (target) => tracking && target.use(errorHandler()),
    note,
    ...createGates(),
    connect: () => connectRaw(kit.port),
    async ask(method, path, parts) {
      const client = kit.connect();
      client.send(requestBytes(method, path, parts));
      return render(await client.closed());
    },
  };
  app.use(observer.handler);
  scenario.before?.(app, kit);
  if (scenario.mountsItself !== true) kit.track(app);
  scenario.routes(app, kit);
  kit.trackErrors(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const client = await scenario.client(kit);
    await observer.idle();
    return { client, notes, events: observer.events };
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await tracking?.close(tracked?.redisUrl === NO_REDIS ? 1 : undefined);
  }
}

/** One line per flow of the stream: name, how it ended, status of the answer. */
function flowLines(events: readonly FlowEvent[]): string[] {
  const starts = events.flatMap((event) => (event.type === 'flow_start' ? [event] : []));
  const lines = starts.map(({ flow_id, name }) => {
    const end = events.find((event) => event.flow_id === flow_id && event.type === 'flow_end');
    return end?.type === 'flow_end' ? `${name} ${end.status} ${end.http_status ?? '-'}` : `${name} runs`;
  });
  return lines.sort();
}

/** Without the middleware. */
export const runPlain = (scenario: Scenario, major: Major): Promise<Outcome> => run(scenario, major, undefined);

/** With it, and the flows that it recorded. */
export async function runTracked(
  scenario: Scenario,
  major: Major,
  redis: Redis,
  redisUrl: string,
): Promise<{ outcome: Outcome; flows: string[] }> {
  const prefix = uniquePrefix();
  const stream = redisKeys(prefix).stream(0);
  const outcome = await run(scenario, major, { redisUrl, prefix });
  const entries = await redis.xrange(stream, '-', '+');
  await redis.del(stream);
  const events = entries.flatMap(([, fields]) => (JSON.parse(fields[1] ?? '[]') as unknown[]).map(parseEvent));
  return { outcome, flows: flowLines(events) };
}

/** With it, while its Redis refuses connections. */
export const runWithoutRedis = (scenario: Scenario, major: Major): Promise<Outcome> =>
  run(scenario, major, { redisUrl: NO_REDIS, prefix: uniquePrefix() });
