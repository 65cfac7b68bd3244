import { redisKeys } from '@flow-tracking/protocol';
import { Redis } from 'ioredis';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser, openPage } from '../support/browser';
import { request, startTestBridge } from '../support/bridge';
import { addEvents } from '../support/flow-events';
import { startPreview } from '../support/preview';
import { createTestDatabase, redisUrl, uniquePrefix } from '../support/services';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

const SCREENSHOTS = join(__dirname, '..', '..', 'test-results');
const TOKENS = { read: 'read-token-of-the-app', control: 'control-token-of-the-app' } as const;
export const APP = '/a/flowtracking-flows-app';

export type Role = 'Viewer' | 'Editor' | 'Admin';

/** A bridge whose ways to Postgres and from Grafana can be broken, and the preview of one role before it. */
export interface AppStack {
  readonly bridge: Awaited<ReturnType<typeof startTestBridge>>;
  /** Stands between Grafana and the bridge. */
  readonly toBridge: TcpProxy;
  readonly toPostgres: TcpProxy;
  /** Adds events to the stream, as an application does. */
  readonly record: (events: readonly unknown[]) => Promise<void>;
  readonly ask: (path: string, init?: RequestInit) => ReturnType<typeof request>;
  readonly open: (
    path: string,
    options?: { theme?: 'dark' | 'light'; width?: number; height?: number },
  ) => Promise<{ page: Page; errors: string[]; shot: (name: string) => Promise<void> }>;
  stop(): Promise<void>;
}

export async function startAppStack(
  role: Role,
  given: { readToken?: string; controlToken?: string; sendsUser?: boolean } = {},
): Promise<AppStack> {
  await mkdir(SCREENSHOTS, { recursive: true });
  const database = await createTestDatabase();
  const prefix = uniquePrefix();
  const redis = new Redis(redisUrl());
  const url = new URL(database.url);
  const toPostgres = await startTcpProxy(Number(url.port));
  url.port = String(toPostgres.port);
  const bridge = await startTestBridge({
    databaseUrl: url.href,
    prefix,
    env: { FLOW_READ_TOKENS: TOKENS.read, FLOW_CONTROL_TOKENS: TOKENS.control, FLOW_CONTROL_RATE_PER_MINUTE: '1000' },
  });
  const toBridge = await startTcpProxy(bridge.port);
  const preview = await startPreview({
    bridgeUrl: `http://127.0.0.1:${toBridge.port}`,
    readToken: given.readToken ?? TOKENS.read,
    controlToken: given.controlToken ?? TOKENS.control,
    env: { FLOW_PREVIEW_ROLE: role, GF_DATAPROXY_SEND_USER_HEADER: String(given.sendsUser ?? true) },
  });
  const browser = await launchBrowser();
  return {
    bridge,
    toBridge,
    toPostgres,
    record: (events) => addEvents(redis, redisKeys(prefix), events),
    ask: (path, init = {}) =>
      request(`${bridge.url}${path}`, { ...init, headers: { authorization: `Bearer ${TOKENS.control}` } }),
    async open(path, { theme = 'dark', ...size } = {}) {
      const { page, errors } = await openPage(browser, { theme, ...size });
      await page.goto(`${preview.url}${path}${path.includes('?') ? '&' : '?'}theme=${theme}`);
      const shot = async (name: string): Promise<void> => {
        await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
      };
      return { page, errors, shot };
    },
    async stop() {
      await browser.close();
      await preview.stop();
      await toBridge.close();
      await bridge.stop();
      await redis.quit();
      await toPostgres.close();
      await database.drop();
    },
  };
}

/** Waits until the steps have run, and gives how each stands: `proxy ok`. */
export async function stepsOn(page: Page): Promise<string[]> {
  await page.locator('[data-testid="start-page"][data-running="false"]').waitFor({ timeout: 40_000 });
  return page
    .getByTestId('start-step')
    .evaluateAll((elements: { getAttribute(name: string): string | null }[]) =>
      elements.map((element) => `${element.getAttribute('data-step')} ${element.getAttribute('data-status')}`),
    );
}
