import { flowTracking, type Flow, type FlowTracking } from '@flow-tracking/express';
import { redisKeys, type FlowEvent, type RedisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { parse, stringify } from 'yaml';
import { launchBrowser, openPage } from './browser';
import { request, startTestBridge } from './bridge';
import { addEvents } from './flow-events';
import { panelPage, type PanelPage } from './panel-page';
import { startPreview } from './preview';
import { createTestDatabase, redisUrl, uniquePrefix, type TestDatabase } from './services';
import { startTcpProxy, type TcpProxy } from './tcp-proxy';
import { waitFor } from './wait-for';

const root = join(__dirname, '..', '..');
const TOKENS = { read: 'e2e-read', control: 'e2e-control' } as const;

export interface PanelStackOptions {
  /** Further settings of the bridge. */
  readonly bridgeEnv?: Readonly<Record<string, string>>;
  /** @default 'Admin' */
  readonly role?: 'Viewer' | 'Editor' | 'Admin';
  /** `jsonData` of the datasource. */
  readonly datasource?: Readonly<Record<string, unknown>>;
  /** Dashboards beside the provisioned ones, as JSON with a `uid`; `panelDashboard` makes one. */
  readonly dashboards?: readonly ({ readonly uid: string } & Readonly<Record<string, unknown>>)[];
}

/** All that stands behind a panel: Redis, Postgres, a middleware, a bridge, the preview, and one browser. */
export interface PanelStack {
  readonly browser: BrowserContext;
  readonly bridge: Awaited<ReturnType<typeof startTestBridge>>;
  readonly databaseUrl: string;
  /** Between the preview and the bridge. */
  readonly network: TcpProxy;
  /** Without a path. */
  readonly previewUrl: string;
  readonly redis: Redis;
  readonly keys: RedisKeys;
  /** A middleware of this process. */
  readonly tracking: FlowTracking;
  /** A user that no other test has, monitored for an hour; the middleware knows it. */
  freshUser(): Promise<string>;
  /** Begins a flow as an application does. Its caller records checkpoints and ends it. */
  startFlow(userId: string, details?: { name?: string; sessionId?: string }): Flow;
  /** Hands events of one's own making to history and to who watches live, such as those of `chatFlow()`. */
  emit(userId: string, events: readonly FlowEvent[]): Promise<void>;
  /** Waits until the bridge has written everything to history. */
  untilStored(): Promise<void>;
  /** Asks the bridge as who may read and control. */
  ask(path: string, init?: RequestInit): ReturnType<typeof request>;
  /** Opens a page of its own; the caller closes it. */
  open(options?: OpenOptions): Promise<PanelPage>;
}

export interface OpenOptions {
  /** A path of the preview. @default the live dashboard */
  readonly path?: string;
  /** Where the preview is reached, such as through a proxy. @default its own address */
  readonly origin?: string;
  /** Search parameters, such as `var-user`; a list is given one after another. */
  readonly params?: Readonly<Record<string, string | readonly string[]>>;
  /** The user of the dashboard; short for `params['var-user']`. */
  readonly user?: string;
  /** @default 'dark' */
  readonly theme?: 'dark' | 'light';
  /** Of the window, px. @default 1400 × 900 */
  readonly width?: number;
  readonly height?: number;
  /** Called before the page is loaded, for init scripts and routes. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** The live panel alone on its page, as large as the window allows. */
export const ALONE = { viewPanel: 'panel-1' } as const;

async function writeProvisioning(
  folder: string,
  { dashboards = [], datasource }: Pick<PanelStackOptions, 'dashboards' | 'datasource'>,
): Promise<void> {
  await cp(join(root, 'provisioning'), folder, { recursive: true });
  if (datasource !== undefined) {
    const file = join(folder, 'datasources', 'flow-tracking.yaml');
    const provisioned = parse(await readFile(file, 'utf8')) as { datasources: object[] };
    const datasources = provisioned.datasources.map((entry) => ({ ...entry, jsonData: datasource }));
    await writeFile(file, stringify({ ...provisioned, datasources }));
  }
  for (const dashboard of dashboards) {
    await writeFile(join(folder, 'dashboards', 'flow-tracking', `${dashboard.uid}.json`), JSON.stringify(dashboard));
  }
}

/** Starts the stack; {@link usePanelStack} does so for a file. */
export async function startPanelStack(
  options: PanelStackOptions = {},
): Promise<PanelStack & { stop(): Promise<void> }> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.reverse()) await each();
    stops.length = 0;
  };
  try {
    const stack = await startAll(options, stops);
    return { ...stack, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAll(options: PanelStackOptions, stops: (() => Promise<unknown>)[]): Promise<PanelStack> {
  const prefix = uniquePrefix();
  const keys = redisKeys(prefix);
  const redis = new Redis(redisUrl());
  stops.push(async () => {
    await redis.del(...(await redis.keys(`${prefix}*`)), `${prefix}:none`);
    await redis.quit();
  });
  const database: TestDatabase = await createTestDatabase();
  stops.push(() => database.drop());
  const [bridge, browser] = await Promise.all([
    startTestBridge({
      databaseUrl: database.url,
      prefix,
      env: { FLOW_READ_TOKENS: TOKENS.read, FLOW_CONTROL_TOKENS: TOKENS.control, ...options.bridgeEnv },
    }),
    launchBrowser(),
  ]);
  stops.push(
    () => bridge.stop(),
    () => browser.close(),
  );
  const network = await startTcpProxy(bridge.port);
  stops.push(() => network.close());
  const tracking = flowTracking({ redis: redisUrl(), prefix, partitions: 2, service: 'chat', instance: 'chat-1' });
  stops.push(() => tracking.close());
  const provisioning = await mkdtemp(join(tmpdir(), 'flow-provisioning-'));
  stops.push(() => rm(provisioning, { recursive: true, force: true }));
  await writeProvisioning(provisioning, options);
  const preview = await startPreview({
    bridgeUrl: `http://127.0.0.1:${network.port}`,
    readToken: TOKENS.read,
    controlToken: TOKENS.control,
    env: { FLOW_PREVIEW_ROLE: options.role ?? 'Admin', FLOW_PREVIEW_PROVISIONING_DIR: provisioning },
  });
  stops.push(() => preview.stop());

  const ask: PanelStack['ask'] = (path, init = {}) =>
    request(`${bridge.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${TOKENS.control}`, ...init.headers },
    });
  let users = 0;
  return {
    browser,
    bridge,
    network,
    databaseUrl: database.url,
    previewUrl: preview.url,
    redis,
    keys,
    tracking,
    ask,
    async freshUser() {
      const user = `user-${++users}`;
      await ask(`/api/v1/monitoring/enable/${user}?ttl_hours=1`, { method: 'POST' });
      await waitFor('the middleware knows who is monitored', () => tracking.stats().monitoring.users >= users);
      return user;
    },
    startFlow: (userId, { name = 'POST /ask/stream', sessionId } = {}) =>
      tracking.startFlow({ name, userId, sessionId }),
    async emit(userId, events) {
      await addEvents(redis, keys, events);
      await redis.publish(keys.live(userId), JSON.stringify({ type: 'events', user_id: userId, events }));
    },
    async untilStored() {
      await tracking.flush();
      await waitFor('the streams are empty', async () => {
        const lengths = await Promise.all([0, 1].map((partition) => redis.xlen(keys.stream(partition))));
        return lengths.every((length) => length === 0);
      });
    },
    async open({
      path = '/d/flow-live',
      origin = preview.url,
      params = {},
      user,
      theme = 'dark',
      width,
      height,
      prepare,
    } = {}) {
      const size = { ...(width !== undefined && { width }), ...(height !== undefined && { height }) };
      const { page, errors } = await openPage(browser, { theme, ...size });
      await prepare?.(page);
      const given = { ...(user !== undefined && { 'var-user': user }), theme, ...params };
      const search = new URLSearchParams(
        Object.entries(given).flatMap(([name, values]) =>
          [values].flat().map((value): [string, string] => [name, value]),
        ),
      );
      await page.goto(`${origin}${path}?${search.toString()}`);
      return panelPage(page, errors);
    },
  };
}

/** Starts the stack before a file's tests and ends it after them; what it returns is filled by then. */
export function usePanelStack(options: PanelStackOptions = {}): PanelStack {
  const stack = {} as PanelStack & { stop(): Promise<void> };
  beforeAll(async () => {
    Object.assign(stack, await startPanelStack(options));
  });
  afterAll(async () => {
    await stack.stop?.();
  });
  return stack;
}
