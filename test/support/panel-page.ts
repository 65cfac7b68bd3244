import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Download, Locator, Page } from 'playwright-core';
import { waitFor } from './wait-for';

/** Screenshots of a run; nothing compares them, people look at them. */
const SCREENSHOTS = join(__dirname, '..', '..', 'test-results');

/** A page that shows the panel. */
export interface PanelPage {
  readonly page: Page;
  /** Every error that the page logged. */
  readonly errors: string[];
  readonly panel: Locator;
  /** Waits until the panel is connected and hears what happens. */
  readonly untilLive: () => Promise<void>;
  /** Waits until so many nodes of the shown flow are laid out. */
  readonly untilNodes: (count: number) => Promise<void>;
  /** Waits until the shown flow's event of that number, or a later one, is drawn. */
  readonly untilSeq: (seq: number) => Promise<void>;
  /** Waits until that flow is the one shown. */
  readonly untilFlow: (flowId: string) => Promise<void>;
  /** A node in sight, by its checkpoint. */
  readonly node: (checkpoint: string, status?: string) => Locator;
  /** Chooses a view in the header. */
  readonly view: (name: 'Tree' | 'Timeline' | 'Outline') => Promise<void>;
  /** Chooses an entry of the panel's menu. */
  readonly choose: (entry: string) => Promise<void>;
  /** Chooses an entry that saves a file. */
  readonly download: (entry: string) => Promise<Download>;
  /** Sizes the window so that the panel's own box has this size, px. For a panel that is alone on its page. */
  readonly resizePanel: (width: number, height: number) => Promise<void>;
  /** Keeps a picture under `test-results/`. */
  readonly shot: (name: string) => Promise<void>;
}

export function panelPage(page: Page, errors: string[]): PanelPage {
  const panel = page.getByTestId('flow-panel');
  const untilAttribute = async (name: string, ask: (value: string) => boolean, what: string): Promise<void> => {
    await waitFor(what, async () => ask((await panel.getAttribute(name)) ?? ''), 20_000);
  };
  const choose = async (entry: string): Promise<void> => {
    await page.getByTestId('flow-header').getByRole('button', { name: 'Panel menu' }).click();
    await page.getByRole('menuitem', { name: entry }).click();
  };
  return {
    page,
    errors,
    panel,
    choose,
    async download(entry) {
      const [file] = await Promise.all([page.waitForEvent('download'), choose(entry)]);
      return file;
    },
    untilLive: () => page.locator('[data-testid="flow-panel"][data-connection="live"]').waitFor(),
    untilNodes: (count) => untilAttribute('data-nodes', (value) => Number(value) >= count, `${count} nodes`),
    untilSeq: (seq) => untilAttribute('data-seq', (value) => value !== '' && Number(value) >= seq, `event ${seq}`),
    untilFlow: (flowId) => page.locator(`[data-testid="flow-panel"][data-flow="${flowId}"]`).waitFor(),
    node: (checkpoint, status) =>
      page
        .locator(
          `[data-testid="flow-node"][data-checkpoint="${checkpoint}"]${status === undefined ? '' : `[data-status="${status}"]`}`,
        )
        .first(),
    async view(name) {
      await panel.getByRole('radio', { name }).check({ force: true });
      await page.locator(`[data-testid="flow-panel"][data-view="${name.toLowerCase()}"]`).waitFor();
    },
    async resizePanel(width, height) {
      await waitFor(`a panel of ${width} × ${height}`, async () => {
        const [box, window] = [await panel.boundingBox(), page.viewportSize()];
        if (box === null || window === null) return false;
        const [dx, dy] = [Math.round(width - box.width), Math.round(height - box.height)];
        if (dx === 0 && dy === 0) return true;
        await page.setViewportSize({ width: window.width + dx, height: window.height + dy });
        await untilDrawn(page);
        // Told when the time is up.
        throw new Error(`${box.width} × ${box.height} in a window of ${window.width} × ${window.height}`);
      });
    },
    async shot(name) {
      await mkdir(SCREENSHOTS, { recursive: true });
      await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
    },
  };
}

/** Waits until what follows from a change of size is laid out: an observer is told after a frame, and React draws in the next. */
async function untilDrawn(page: Page): Promise<void> {
  await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))',
  );
}
