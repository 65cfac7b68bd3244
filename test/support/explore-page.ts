import type { Locator, Page } from 'playwright-core';
import { openPage } from './browser';
import type { PanelStack } from './panel-stack';

export type ExploreMode = 'query' | 'variable' | 'annotation';

/** Explore in the preview, with an editor of the datasource. */
export interface ExplorePage {
  readonly page: Page;
  /** Every error that the page logged. */
  readonly errors: string[];
  readonly editor: Locator;
  /** A field of the editor by its label alone. */
  readonly field: (label: string) => Locator;
  /** A value in a table of the results. */
  readonly cell: (text: string) => Locator;
  /** The query editor: chooses another kind of query. */
  readonly kind: (label: string) => Promise<void>;
  /** Chooses one of a few. */
  readonly choose: (group: string, label: string) => Promise<void>;
  /** Types into a field of the editor, and presses Enter. */
  readonly enter: (label: string, text: string) => Promise<void>;
  /** The query in the browser's address. */
  readonly query: () => Record<string, unknown>;
}

/** Opens Explore in a page of its own; the caller closes it. */
export async function openExplore(
  { browser, previewUrl }: PanelStack,
  options: {
    /** @default 'query' */
    readonly as?: ExploreMode;
    readonly query?: object;
    /** @default 'dark' */
    readonly theme?: 'dark' | 'light';
    readonly width?: number;
  } = {},
): Promise<ExplorePage> {
  const { as = 'query', query, theme = 'dark', width = 1440 } = options;
  const { page, errors } = await openPage(browser, { theme, width, height: 900 });
  // Sooner than a test's own time is up, so that it says what it waited for.
  page.setDefaultTimeout(15_000);
  const search = new URLSearchParams({ as, theme, ...(query !== undefined && { query: JSON.stringify(query) }) });
  await page.goto(`${previewUrl}/explore?${search.toString()}`);
  const editor = page.locator('section[aria-label^="Editor"]');
  await editor.waitFor();
  const field: ExplorePage['field'] = (label) => editor.getByLabel(label, { exact: true });
  return {
    page,
    errors,
    editor,
    field,
    cell: (text) => page.getByRole('gridcell', { name: text, exact: true }).first(),
    async kind(label) {
      // Typed, so that the list is short: a long one scrolls under the pointer.
      await editor.getByRole('combobox', { name: 'Query', exact: true }).fill(label);
      await page
        .getByRole('option')
        .filter({ has: page.getByText(label, { exact: true }) })
        .click();
      // Its fields come with what React draws next.
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    },
    async choose(group, label) {
      const radios = editor.getByRole('radiogroup', { name: group, exact: true });
      await radios.getByRole('radio', { name: label, exact: true }).check({ force: true });
    },
    async enter(label, text) {
      await field(label).fill(text);
      await field(label).press('Enter');
    },
    query: () => JSON.parse(new URL(page.url()).searchParams.get('query') ?? 'null') as Record<string, unknown>,
  };
}
