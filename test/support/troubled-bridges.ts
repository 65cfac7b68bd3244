import { PROTOCOL_VERSION, redisKeys, type RedisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { stringify } from 'yaml';
import { request, startTestBridge } from './bridge';
import { launchBrowser, openPage } from './browser';
import { addEvents, untilSettled } from './flow-events';
import { freePort } from './free-port';
import { startPreview } from './preview';
import { createTestDatabase, redisUrl, uniquePrefix } from './services';
import { startVersionProxy } from './version-proxy';

const root = join(__dirname, '..', '..');
/** Nothing compares them; people look at them. */
const SCREENSHOTS = join(root, 'test-results');
const TOKENS = { read: 'e2e-read', control: 'e2e-control' } as const;

/** Datasources of one Grafana, by their uids. All but `away` and `other` lead to the bridge that is well. */
export const SOURCES = {
  well: 'flow-tracking',
  /** Another bridge, with a Redis prefix and a database of its own. */
  other: 'other-bridge',
  older: 'older-bridge',
  newer: 'newer-bridge',
  /** Refuses WebSockets. */
  newerOverHttp: 'newer-bridge-over-http',
  wrongToken: 'wrong-token',
  /** Nothing listens there. */
  away: 'bridge-away',
} as const;

/** A bridge and its own history. */
export interface OwnBridge {
  readonly databaseUrl: string;
  readonly redis: Redis;
  readonly keys: RedisKeys;
  /** Adds events, and waits until they are in history. */
  record(events: readonly unknown[]): Promise<void>;
  /** Asks as who may read and control. */
  ask(path: string, init?: RequestInit): ReturnType<typeof request>;
}

export type PageParams = readonly (readonly [name: string, value: string])[];

/** The longest range of time that anyone asks for. */
export const TEN_YEARS: PageParams = [
  ['from', 'now-10y'],
  ['to', 'now'],
];

/** What a page is opened with. */
export interface PageOptions {
  readonly params?: PageParams;
  readonly theme?: 'dark' | 'light';
  readonly width?: number;
  readonly height?: number;
}

export interface OpenedPage {
  readonly page: Page;
  readonly errors: string[];
  /** Keeps a picture under `test-results/`. */
  readonly shot: (name: string) => Promise<void>;
}

/** One Grafana whose datasources lead to bridges in all kinds of trouble. */
export interface TroubledBridges {
  readonly previewUrl: string;
  readonly well: OwnBridge;
  readonly other: OwnBridge;
  open(path: string, options?: PageOptions): Promise<OpenedPage>;
  stop(): Promise<void>;
}

async function startOwnBridge(): Promise<{ own: OwnBridge; port: number; stop: () => Promise<void> }> {
  const prefix = uniquePrefix();
  const keys = redisKeys(prefix);
  const database = await createTestDatabase();
  const env = { FLOW_READ_TOKENS: TOKENS.read, FLOW_CONTROL_TOKENS: TOKENS.control };
  const bridge = await startTestBridge({ databaseUrl: database.url, prefix, env });
  const redis = new Redis(redisUrl());
  const own: OwnBridge = {
    databaseUrl: database.url,
    redis,
    keys,
    async record(events) {
      await addEvents(redis, keys, events);
      await untilSettled(redis, keys);
    },
    ask: (path, init = {}) =>
      request(`${bridge.url}${path}`, { ...init, headers: { authorization: `Bearer ${TOKENS.control}` } }),
  };
  const stop = async (): Promise<void> => {
    await bridge.stop();
    await redis.del(...(await redis.keys(`${prefix}*`)), `${prefix}:none`);
    await redis.quit();
    await database.drop();
  };
  return { own, port: bridge.port, stop };
}

/** Grafana's provisioning with further datasources and dashboards. */
async function writeProvisioning(
  folder: string,
  urls: Readonly<Record<string, string>>,
  dashboards: readonly { readonly uid: string }[],
): Promise<void> {
  await cp(join(root, 'provisioning'), folder, { recursive: true });
  const datasources = Object.entries(urls).map(([uid, url]) => ({
    ...{ name: uid, uid, url, type: 'flowtracking-flows-datasource', access: 'proxy', editable: false },
    secureJsonData:
      uid === SOURCES.wrongToken
        ? { readToken: 'wrong', controlToken: 'wrong' }
        : { readToken: TOKENS.read, controlToken: TOKENS.control },
  }));
  await writeFile(join(folder, 'datasources', 'troubled.yaml'), stringify({ apiVersion: 1, datasources }));
  for (const dashboard of dashboards) {
    await writeFile(join(folder, 'dashboards', 'flow-tracking', `${dashboard.uid}.json`), JSON.stringify(dashboard));
  }
}

/** @param options.dashboards beside the provisioned ones, as JSON with a `uid` */
export async function startTroubledBridges(
  options: { dashboards?: readonly { readonly uid: string }[] } = {},
): Promise<TroubledBridges> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    return { ...(await startAll(options.dashboards ?? [], stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAll(
  dashboards: readonly { readonly uid: string }[],
  stops: (() => Promise<unknown>)[],
): Promise<Omit<TroubledBridges, 'stop'>> {
  await mkdir(SCREENSHOTS, { recursive: true });
  const browser = await launchBrowser();
  stops.push(() => browser.close());
  const well = await startOwnBridge();
  stops.push(well.stop);
  const other = await startOwnBridge();
  stops.push(other.stop);
  const asVersion = async (protocol: number, upgrades = true): Promise<string> => {
    const proxy = await startVersionProxy({ targetPort: well.port, protocol, upgrades });
    stops.push(() => proxy.close());
    return proxy.url;
  };
  const wellUrl = `http://127.0.0.1:${well.port}`;
  const provisioning = await mkdtemp(join(tmpdir(), 'flow-provisioning-'));
  stops.push(() => rm(provisioning, { recursive: true, force: true }));
  const urls = {
    [SOURCES.other]: `http://127.0.0.1:${other.port}`,
    [SOURCES.older]: await asVersion(PROTOCOL_VERSION - 1),
    [SOURCES.newer]: await asVersion(PROTOCOL_VERSION + 1),
    [SOURCES.newerOverHttp]: await asVersion(PROTOCOL_VERSION + 1, false),
    [SOURCES.wrongToken]: wellUrl,
    [SOURCES.away]: `http://127.0.0.1:${await freePort()}`,
  };
  await writeProvisioning(provisioning, urls, dashboards);
  const preview = await startPreview({
    bridgeUrl: wellUrl,
    readToken: TOKENS.read,
    controlToken: TOKENS.control,
    env: { FLOW_PREVIEW_PROVISIONING_DIR: provisioning },
  });
  stops.push(() => preview.stop());
  return {
    previewUrl: preview.url,
    well: well.own,
    other: other.own,
    async open(path, { params = [], theme = 'dark', ...size } = {}) {
      const { page, errors } = await openPage(browser, { theme, ...size });
      await page.goto(`${preview.url}${path}?${searchOf([...params, ['theme', theme]])}`);
      const shot = async (name: string): Promise<void> => {
        await page.screenshot({ path: join(SCREENSHOTS, `${name}-${theme}.png`) });
      };
      return { page, errors, shot };
    },
  };
}

/** Parameters of an address; of several of one name each counts. */
export function searchOf(params: PageParams): string {
  return new URLSearchParams(params.map(([name, value]): [string, string] => [name, value])).toString();
}
