import type { Page } from 'playwright-core';
import { waitFor } from './wait-for';

interface Rail {
  scrollTop: number;
  readonly clientHeight: number;
}

/** The flows that the panel's list has; of a long list only what is in sight is drawn, so it is paged through. */
export async function listedFlows(page: Page): Promise<(string | null)[]> {
  const rail = page.getByTestId('flow-rail');
  const found = new Set<string | null>();
  if ((await rail.count()) === 0) return [];
  await rail.evaluate((element: Rail) => (element.scrollTop = 0));
  for (let before = -1, at = 0; at > before;) {
    // Two pictures, after which the rows in sight are drawn.
    await page.waitForTimeout(50);
    const ids = await page
      .getByTestId('flow-list-item')
      .evaluateAll((items: { getAttribute(name: string): string | null }[]) =>
        items.map((item) => item.getAttribute('data-flow-id')),
      );
    for (const id of ids) found.add(id);
    before = at;
    await rail.evaluate((element: Rail) => (element.scrollTop += element.clientHeight));
    at = await rail.evaluate((element: Rail) => element.scrollTop);
  }
  return [...found];
}

/** Waits until the list has exactly these flows. */
export async function untilListed(page: Page, flowIds: readonly string[]): Promise<void> {
  const expected = JSON.stringify([...flowIds].sort());
  await waitFor(
    `a list of ${expected.slice(0, 200)}`,
    async () => JSON.stringify((await listedFlows(page)).sort()) === expected,
    20_000,
  );
}
