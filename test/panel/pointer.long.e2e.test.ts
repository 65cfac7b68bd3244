import type { Locator, Page } from 'playwright-core';
import type { PanelPage } from '../support/panel-page';
import { ALONE, usePanelStack } from '../support/panel-stack';
import { timedFlow, type TimedStep } from '../support/timed-flow';
import { waitFor } from '../support/wait-for';

/** What a person does to a view with the mouse. */

const stack = usePanelStack();

/** A model with more steps below it than fit, and more after it; all of different names, so that none are folded. */
const STEPS: readonly TimedStep[] = [
  { checkpoint: 'auth_check', atMs: 0, tookMs: 1_000 },
  { checkpoint: 'llm_thinking', atMs: 1_000, tookMs: 4_000 },
  ...Array.from({ length: 40 }, (_, i) => ({
    checkpoint: `below_${i}`,
    atMs: 1_000 + 100 * i,
    tookMs: 100,
    below: 1,
  })),
  ...Array.from({ length: 10 }, (_, i) => ({ checkpoint: `then_${i}`, atMs: 5_000 + 500 * i, tookMs: 500 })),
];
const TOOK_MS = 10_000;

async function openSteps(view: 'Tree' | 'Timeline'): Promise<PanelPage> {
  const user = await stack.freshUser();
  const { id, events } = timedFlow({
    userId: user,
    startedTs: Date.now() - 60_000,
    tookMs: TOOK_MS,
    steps: STEPS,
  });
  await stack.emit(user, events);
  await stack.untilStored();
  const flows = await stack.open({ user, params: ALONE });
  await flows.untilFlow(id);
  await flows.untilNodes(STEPS.length);
  await flows.view(view);
  return flows;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function boxOf(locator: Locator): Promise<Box> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('It is not on the page.');
  return box;
}

const middleOf = ({ x, y, width, height }: Box) => ({ x: x + width / 2, y: y + height / 2 });

/** Waits until a box is as it is to be, and tells how it was when it never is. */
async function untilBox(what: string, locator: Locator, is: (box: Box) => boolean): Promise<void> {
  await waitFor(what, async () => {
    const box = await boxOf(locator);
    if (is(box)) return true;
    throw new Error(`It is at ${JSON.stringify(box)}.`);
  });
}

/** Rounded to device pixels, a box may lie this far from where it was computed, px. */
const near = (a: number, b: number, byPx = 2): boolean => Math.abs(a - b) <= byPx;

async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 5 });
  await page.mouse.up();
}

/** A turn of the wheel while a key is held. */
async function wheelWith(page: Page, key: 'Control' | 'Meta' | 'Shift', deltaY: number): Promise<void> {
  await page.keyboard.down(key);
  await page.mouse.wheel(0, deltaY);
  await page.keyboard.up(key);
}

const lies = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x - 1 &&
  inner.y >= outer.y - 1 &&
  inner.x + inner.width <= outer.x + outer.width + 1 &&
  inner.y + inner.height <= outer.y + outer.height + 1;

describe('the tree, by mouse', () => {
  let flows: PanelPage;
  let page: Page;
  let tree: Box;
  const below = (i: number) => flows.node(`below_${i}`);

  beforeEach(async () => {
    flows = await openSteps('Tree');
    ({ page } = flows);
    tree = await boxOf(page.getByTestId('flow-tree'));
    await page.mouse.move(middleOf(tree).x, middleOf(tree).y);
  });
  afterEach(async () => {
    expect(flows.errors).toEqual([]);
    await page.close();
  });

  it('is scrolled by the wheel, sideways with Shift', async () => {
    const before = await boxOf(below(1));
    await page.mouse.wheel(0, 120);
    await untilBox('it is 120 px higher', below(1), ({ x, y }) => near(y, before.y - 120) && near(x, before.x));
    await wheelWith(page, 'Shift', 90);
    await untilBox('and 90 px farther left', below(1), ({ x, y }) => near(y, before.y - 120) && near(x, before.x - 90));
  });

  it.each(['Control', 'Meta'] as const)('is zoomed by the wheel with %s, at the pointer', async (key) => {
    const before = await boxOf(below(1));
    const pointer = { x: before.x + before.width / 4, y: before.y + before.height / 2 };
    await page.mouse.move(pointer.x, pointer.y);
    await wheelWith(page, key, -200);
    const isAtPointer = ({ x, y, width, height }: Box): boolean =>
      near(x + width / 4, pointer.x) && near(y + height / 2, pointer.y);
    await untilBox('it is larger, and still at the pointer', below(1), (box) => {
      return box.width > before.width * 1.1 && isAtPointer(box);
    });
    await wheelWith(page, key, 200);
    await untilBox('it is as it was', below(1), (box) => near(box.width, before.width) && isAtPointer(box));
  });

  it('is moved by a drag, which selects nothing', async () => {
    const card = below(3);
    const before = await boxOf(card);
    const from = middleOf(before);
    await drag(page, from, { x: from.x - 60, y: from.y - 80 });
    await untilBox('it has come along', card, ({ x, y }) => near(x, before.x - 60) && near(y, before.y - 80));
    expect(await page.locator('[aria-selected="true"][data-testid="flow-node"]').count()).toBe(0);
    expect(await page.getByTestId('flow-node-details').count()).toBe(0);
    await card.click();
    await page.locator('[data-checkpoint="below_3"][aria-selected="true"]').waitFor();
    await page.getByTestId('flow-node-details').waitFor();
  });

  it('is zoomed by its buttons, and fits', async () => {
    const before = await boxOf(flows.node('auth_check'));
    await page.getByRole('button', { name: 'Zoom out (-)' }).click();
    await untilBox('it is smaller', flows.node('auth_check'), ({ width }) => width < before.width * 0.9);
    await page.getByRole('button', { name: 'Zoom in (+)' }).click();
    await untilBox('it is as large again', flows.node('auth_check'), ({ width }) => near(width, before.width));
    expect(await page.getByTestId('flow-minimap').count()).toBe(1);
    await page.getByRole('button', { name: 'Fit (F)' }).click();
    await untilBox('the last is in sight', flows.node('then_9'), (box) => lies(box, tree));
    await untilBox('the lowest is in sight', below(39), (box) => lies(box, tree));
    await untilBox('the first is in sight', flows.node('auth_check'), (box) => lies(box, tree));
    const buttons = await boxOf(page.getByRole('button', { name: 'Fit (F)' }));
    const lowest = await boxOf(below(39));
    expect(lowest.y + lowest.height).toBeLessThan(buttons.y);
    // With all of it in sight, the map says nothing.
    await page.getByTestId('flow-minimap').waitFor({ state: 'detached' });
    await flows.shot('pointer-fit');
  });

  it('is moved by a press on its map, and by a drag there', async () => {
    const map = await boxOf(page.getByTestId('flow-minimap'));
    const corner = (share: number) => ({ x: map.x + share * map.width, y: map.y + 0.5 * map.height });
    await page.mouse.click(corner(0.97).x, map.y + 6);
    await untilBox('the last is in sight', flows.node('then_9'), (box) => lies(box, tree));
    await flows.shot('pointer-map');
    await drag(page, corner(0.97), corner(0.03));
    await untilBox('what is in the middle at the left is in sight', below(20), (box) => lies(box, tree));
    expect(await page.getByTestId('flow-node-details').count()).toBe(0);
  });
});

describe('the timeline, by mouse', () => {
  let flows: PanelPage;
  let page: Page;
  const bar = (checkpoint: string) => flows.node(checkpoint).getByTestId('time-bar');
  const all = () => page.getByRole('button', { name: 'Show all' });
  const isAll = () => all().waitFor({ state: 'detached' });

  beforeEach(async () => {
    flows = await openSteps('Timeline');
    ({ page } = flows);
  });
  afterEach(async () => {
    expect(flows.errors).toEqual([]);
    await page.close();
  });

  it.each(['Control', 'Meta'] as const)('is zoomed by the wheel with %s, at the pointer', async (key) => {
    const before = await boxOf(bar('llm_thinking'));
    const pointer = { x: before.x + before.width / 4, y: middleOf(before).y };
    await page.mouse.move(pointer.x, pointer.y);
    await wheelWith(page, key, -200);
    await all().waitFor();
    const isAtPointer = ({ x, width }: Box): boolean => near(x + width / 4, pointer.x, 3);
    await untilBox('it is longer, and still at the pointer', bar('llm_thinking'), (box) => {
      return box.width > before.width * 1.2 && isAtPointer(box);
    });
    const zoomed = await boxOf(bar('llm_thinking'));
    // A turn sideways moves the window.
    await page.mouse.wheel(-50, 0);
    await untilBox('it is 50 px farther right', bar('llm_thinking'), ({ x }) => near(x, zoomed.x + 50));
    await wheelWith(page, key, 2_000);
    await isAll();
    await untilBox(
      'it is as it was',
      bar('llm_thinking'),
      ({ x, width }) => near(x, before.x) && near(width, before.width),
    );
  });

  it('scrolls by the wheel alone', async () => {
    await flows.resizePanel(1_000, 500);
    const before = await boxOf(flows.node('below_5'));
    await page.mouse.move(middleOf(before).x, middleOf(before).y);
    await page.mouse.wheel(0, 52);
    await untilBox('it is 52 px higher', flows.node('below_5'), ({ y }) => near(y, before.y - 52));
    expect(await all().count()).toBe(0);
  });

  it.each(['time-axis', 'time-overview'])('is zoomed to a range that is dragged on the %s', async (testId) => {
    const track = await boxOf(page.getByTestId('time-overview'));
    const wanted = await boxOf(bar('llm_thinking'));
    const y = middleOf(await boxOf(page.getByTestId(testId))).y;
    // From its end to its begin: either way will do.
    await drag(page, { x: wanted.x + wanted.width, y }, { x: wanted.x, y });
    await all().waitFor();
    await untilBox('it fills the track', bar('llm_thinking'), ({ x, width }) => {
      return near(x, track.x, 12) && near(width, track.width, 24);
    });
    await flows.shot(`pointer-brush-${testId}`);
    // The focus has come to the rows, where a key leads back.
    await page.keyboard.press('Escape');
    await isAll();
    await untilBox(
      'it is as it was',
      bar('llm_thinking'),
      ({ x, width }) => near(x, wanted.x) && near(width, wanted.width),
    );
  });

  it('takes a short drag for a click, and shows all by two', async () => {
    const axis = middleOf(await boxOf(page.getByTestId('time-axis')));
    await drag(page, axis, { x: axis.x + 2, y: axis.y });
    expect(await all().count()).toBe(0);
    await drag(page, axis, { x: axis.x + 100, y: axis.y });
    await all().waitFor();
    await page.getByTestId('time-axis').dblclick();
    await isAll();
  });
});
