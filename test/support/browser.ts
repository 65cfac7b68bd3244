import { chromium, type BrowserContext, type Page } from 'playwright-core';

/** Keeps Chromium off the network and out of a sandbox that a container does not have. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How long a page may keep a test waiting: a machine that others use takes its time. */
const PATIENCE_MS = 60_000;

/** Runs in each document: what an earlier page has kept is gone when a page loads its first one. `about:blank` can't keep anything. */
const FORGET = `if (location.origin !== 'null' && sessionStorage.getItem('test.page') === null) {
  localStorage.clear();
  sessionStorage.setItem('test.page', 'has begun');
}`;

/**
 * Starts the Chromium that the test run found, with a profile of its own. Pages share it, since Chromium keeps Grafana's
 * compiled libraries in it: without, each page takes half as long again.
 */
export async function launchBrowser(): Promise<BrowserContext> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  const browser = await chromium.launchPersistentContext('', { executablePath, args: ARGS });
  browser.setDefaultTimeout(PATIENCE_MS);
  return browser;
}

/** Opens a page that keeps every error it logs, and has nothing that an earlier one kept. */
export async function openPage(
  browser: BrowserContext,
  options: { theme: 'dark' | 'light'; width?: number; height?: number },
): Promise<{ page: Page; errors: string[] }> {
  // Those of a host belong to all of its ports.
  await browser.clearCookies();
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  await page.setViewportSize({ width: options.width ?? 1400, height: options.height ?? 900 });
  await page.emulateMedia({ colorScheme: options.theme });
  await page.addInitScript(FORGET);
  return { page, errors };
}
