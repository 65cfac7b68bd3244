import type { Locator, Page } from 'playwright-core';
import type { PanelPage } from '../support/panel-page';
import { ALONE, usePanelStack } from '../support/panel-stack';
import { timedFlow, type TimedStep } from '../support/timed-flow';

const stack = usePanelStack();

/** A flow that does not fit into a small panel: checks, a model with many tools of which one fails, and an answer. */
const STEPS: readonly TimedStep[] = [
  { checkpoint: 'auth_check', atMs: 0, tookMs: 30 },
  { checkpoint: 'llm_thinking', atMs: 100, tookMs: 4_000 },
  { checkpoint: 'tool_call', atMs: 200, tookMs: 400, below: 1, tool: 'search', error: 'search took too long' },
  ...Array.from({ length: 12 }, (_, i) => ({
    checkpoint: 'tool_call',
    atMs: 700 + 250 * i,
    tookMs: 200,
    below: 1,
    tool: `lookup ${i}`,
  })),
  { checkpoint: 'llm_complete', atMs: 4_200, tookMs: 600 },
];

interface Box {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** How much of what it says is cut off at its right, px. */
  readonly cutPx: number;
}
interface Measured {
  readonly tagName: string;
  readonly clientWidth: number;
  readonly scrollWidth: number;
  readonly textContent: string | null;
  readonly children: ArrayLike<Measured>;
  getAttribute(name: string): string | null;
  getBoundingClientRect(): { left: number; right: number; top: number; bottom: number; width: number };
}

/** A row, and what stands in it from left to right. */
const boxesIn = (row: Locator): Promise<Box[]> =>
  row.evaluate((element: Measured) =>
    [element, ...Array.from(element.children)]
      .filter((each) => each.getBoundingClientRect().width > 0)
      .map((each) => {
        const { left, right, top, bottom } = each.getBoundingClientRect();
        const name = each.getAttribute('data-testid') ?? each.getAttribute('aria-label') ?? each.textContent ?? '';
        // The light around a sign under the pointer counts as its width, too.
        const isButtonWithText = each.tagName === 'BUTTON' && each.textContent !== '';
        const cutPx = isButtonWithText ? each.scrollWidth - each.clientWidth : 0;
        return { name, left, right, top, bottom, cutPx };
      }),
  );

/** What leaves its row, lies over the one before it, or is cut off. */
function misplaced([row, ...boxes]: readonly Box[]): string[] {
  const bounds = row!;
  const outside = boxes.filter(
    ({ left, right, top, bottom }) =>
      left < bounds.left - 0.5 || right > bounds.right + 0.5 || top < bounds.top - 0.5 || bottom > bounds.bottom + 0.5,
  );
  const over = boxes.filter((box, i) => i > 0 && box.left < boxes[i - 1]!.right - 0.5);
  const cut = boxes.filter(({ cutPx }) => cutPx > 1);
  return [
    ...outside.map(({ name }) => `${name} leaves the row`),
    ...over.map(({ name }) => `${name} overlaps`),
    ...cut.map(({ name, cutPx }) => `${name} is cut off by ${cutPx} px`),
  ];
}

/** The smallest text of the panel's elements, px, with what it says. */
const smallestText = (page: Page): Promise<{ px: number; text: string }> =>
  page.evaluate(`(() => {
    const panel = document.querySelector('[data-testid="flow-panel"]');
    const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
    let smallest = { px: Infinity, text: '' };
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent.trim();
      // What only screen readers read has no size.
      if (text === '' || walker.currentNode.parentElement.checkVisibility({ opacityProperty: true }) === false) continue;
      const px = parseFloat(getComputedStyle(walker.currentNode.parentElement).fontSize);
      if (px < smallest.px) smallest = { px, text };
    }
    return smallest;
  })()`);

const TINY_PX = 11;
/** What stands over the drawing, which must not lie over each other. */
const OVER_THE_VIEW = ['[data-testid="flow-minimap"]', '[data-testid="flow-tree"] button[aria-label^="Zoom in"]'];

/** In one look, since the map goes as soon as all of the tree is in sight. */
function overlapsInView({ page }: PanelPage): Promise<boolean> {
  return page.evaluate<boolean>(`(() => {
    const [a, b] = ${JSON.stringify(OVER_THE_VIEW)}.map((selector) => document.querySelector(selector)?.getBoundingClientRect());
    if (a === undefined || b === undefined) return false;
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  })()`);
}

const SIZES = [
  [300, 200],
  [450, 300],
  [600, 400],
  [900, 600],
  [1_000, 600],
  [1_130, 700],
  [1_440, 800],
  [1_920, 1_000],
  [3_840, 2_160],
] as const;

/** What is wrong at the panel's present size. */
async function problemsOf(flows: PanelPage): Promise<string[]> {
  const { page } = flows;
  const header = page.getByTestId('flow-header');
  const boxes = await boxesIn(header);
  expect(boxes.length).toBeGreaterThan(3);
  const problems = misplaced(boxes);
  const boxOf = async (locator: Locator) => (await locator.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const [panel, head, view] = await Promise.all([flows.panel, header, page.getByTestId('flow-tree')].map(boxOf));
  if (view!.height < 0.6 * panel!.height) problems.push(`the view is ${view!.height} px high`);
  if (panel!.height <= 260 && head!.height > 28) problems.push(`the header is ${head!.height} px high`);
  if (view!.x + view!.width < panel!.x + panel!.width - 2) problems.push('room is left on the right');
  if (view!.y + view!.height < panel!.y + panel!.height - 2) problems.push('room is left below');
  if (await overlapsInView(flows)) problems.push('the map lies over the zoom buttons');
  const { px, text } = await smallestText(page);
  if (px < TINY_PX) problems.push(`“${text}” has ${px} px`);
  return problems;
}

describe.each(['dark', 'light'] as const)('the panel in the %s theme', (theme) => {
  it('has a header that fits, and a view that fills the rest, at every size', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, theme, params: ALONE });
    await flows.untilLive();
    for (const ago of [20_000, 6_000]) {
      const startedTs = Date.now() - ago;
      const { id, events } = timedFlow({ userId: user, startedTs, tookMs: 5_000, steps: STEPS });
      await stack.emit(user, events);
      await flows.untilFlow(id);
    }
    await flows.untilNodes(STEPS.length);
    const found: string[] = [];
    for (const view of ['Tree', 'Timeline', 'Outline'] as const) {
      await flows.view(view);
      for (const [width, height] of SIZES) {
        await flows.resizePanel(width, height);
        const problems = await problemsOf(flows);
        found.push(...problems.map((problem) => `${view}, ${width} × ${height}: ${problem}`));
        await flows.shot(`size-${view.toLowerCase()}-${width}-${theme}`);
      }
    }
    expect(found).toEqual([]);
    expect(flows.errors).toEqual([]);
    await flows.page.close();
  });

  it('has a search and a replay bar that fit, at every size', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, theme, params: ALONE });
    const { page } = flows;
    await flows.untilLive();
    const startedTs = Date.now() - 6_000;
    const { id, events } = timedFlow({ userId: user, startedTs, tookMs: 5_000, steps: STEPS });
    await stack.emit(user, events);
    await flows.untilFlow(id);
    const found: string[] = [];
    const rowsAt = async (what: string, rows: readonly Locator[]): Promise<void> => {
      for (const [width, height] of SIZES) {
        await flows.resizePanel(width, height);
        for (const row of rows) {
          const problems = misplaced(await boxesIn(row));
          found.push(...problems.map((problem) => `${what}, ${width} × ${height}: ${problem}`));
        }
        if (await overlapsInView(flows))
          found.push(`${what}, ${width} × ${height}: the map lies over the zoom buttons`);
        await flows.shot(`size-${what}-${width}-${theme}`);
      }
    };
    const header = page.getByTestId('flow-header');
    await page.getByTestId('flow-rail').press('/');
    await page.keyboard.type('tool_call');
    await page.getByTestId('flow-match-count').getByText('13 matches').waitFor();
    await page.keyboard.press('Enter');
    await rowsAt('search', [header, page.getByTestId('flow-search')]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');

    await flows.resizePanel(1_440, 800);
    await page.getByTestId('flow-rail').press('p');
    const bar = page.getByTestId('flow-replay');
    await bar.waitFor();
    await rowsAt('replay', [header, bar]);
    const [box, view] = await Promise.all([bar.boundingBox(), page.getByTestId('flow-tree').boundingBox()]);
    expect(view!.y + view!.height).toBeLessThanOrEqual(box!.y + 0.5);
    expect(found).toEqual([]);
    expect(flows.errors).toEqual([]);
    await page.close();
  });
});
