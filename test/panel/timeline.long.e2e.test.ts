import type { Locator } from 'playwright-core';
import type { PanelPage } from '../support/panel-page';
import { ALONE, usePanelStack } from '../support/panel-stack';
import { timedFlow, type TimedStep } from '../support/timed-flow';
import { waitFor } from '../support/wait-for';

/** Where a flow's time went: what the timeline and the outline draw of it. */

const stack = usePanelStack();

/** It waits 2 s for its turn. Of the two tools that run at once, the answer waits for the slow one. */
const QUEUED: readonly TimedStep[] = [
  { checkpoint: 'auth_check', atMs: 2_000, tookMs: 500 },
  { checkpoint: 'llm_thinking', atMs: 2_500, tookMs: 6_000 },
  { checkpoint: 'fast_tool', atMs: 3_000, tookMs: 1_000, below: 1 },
  { checkpoint: 'slow_tool', atMs: 3_000, tookMs: 5_500, below: 1 },
  { checkpoint: 'audit', atMs: 2_500, tookMs: 1_000 },
  { checkpoint: 'llm_complete', atMs: 8_500, tookMs: 1_500 },
];
const TOOK_MS = 10_000;
const ON_THE_PATH = ['auth_check', 'llm_thinking', 'slow_tool', 'llm_complete'];

async function openFlow(view: 'timeline' | 'outline', theme: 'dark' | 'light' = 'dark'): Promise<PanelPage> {
  const user = await stack.freshUser();
  const { id, events } = timedFlow({ userId: user, startedTs: Date.now() - 60_000, tookMs: TOOK_MS, steps: QUEUED });
  await stack.emit(user, events);
  const flows = await stack.open({ user, theme, params: { ...ALONE, 'fp-1-view': view } });
  await flows.untilFlow(id);
  await flows.untilNodes(QUEUED.length);
  return flows;
}

const bar = (flows: PanelPage, checkpoint: string): Locator => flows.node(checkpoint).getByTestId('time-bar');

async function spanOf(locator: Locator): Promise<{ from: number; to: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('It is not on the page.');
  return { from: box.x, to: box.x + box.width };
}

describe('the timeline of a flow', () => {
  it('has its bars to one scale, with an axis and its grid, and the time in the queue apart', async () => {
    const flows = await openFlow('timeline');
    const { page } = flows;
    await page.getByText('queued 2.0 s before the first checkpoint').waitFor();
    const track = await spanOf(page.getByTestId('time-overview'));
    const pxPerMs = (track.to - track.from) / TOOK_MS;
    for (const { checkpoint, atMs, tookMs = 0 } of QUEUED) {
      const { from, to } = await spanOf(bar(flows, checkpoint));
      expect(Math.abs(from - (track.from + atMs * pxPerMs))).toBeLessThan(2);
      expect(Math.abs(to - (track.from + (atMs + tookMs) * pxPerMs))).toBeLessThan(2);
    }
    // Each tick stands where its time is, and a line goes down from it.
    const ticks = page.getByTestId('time-axis').locator('span');
    const texts = await ticks.allInnerTexts();
    expect(texts.length).toBeGreaterThan(4);
    const lines = await page
      .getByTestId('time-grid')
      .evaluate((grid: { children: ArrayLike<{ getBoundingClientRect(): { x: number; width: number } }> }) =>
        Array.from(grid.children, (line) => line.getBoundingClientRect()).flatMap(({ x, width }) =>
          width <= 1 ? [x] : [],
        ),
      );
    expect(lines).toHaveLength(texts.length);
    for (const [i, text] of texts.entries()) {
      const seconds = /^\+?(\d+(?:\.\d+)?) s$/.exec(text)?.[1];
      if (seconds === undefined) continue;
      const px = track.from + Number(seconds) * 1_000 * pxPerMs;
      expect(Math.abs((await spanOf(ticks.nth(i))).from - px)).toBeLessThan(2);
      expect(Math.abs(lines[i]! - px)).toBeLessThan(2);
    }
    expect(texts.filter((text) => text.endsWith(' s')).length).toBeGreaterThan(3);
    // The overview is no blank.
    const colors = await page
      .getByTestId('time-overview')
      .locator('canvas')
      .evaluate(
        (canvas: {
          width: number;
          height: number;
          getContext(kind: '2d'): {
            getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
          };
        }) => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size;
        },
      );
    expect(colors).toBeGreaterThan(3);
    await flows.shot('timeline-queued');
    expect(flows.errors).toEqual([]);
    await page.close();
  });

  it('marks what the end of the flow waited for, and nothing when that is switched off', async () => {
    const flows = await openFlow('timeline', 'light');
    const { page } = flows;
    const marked = (): Promise<string[]> =>
      page
        .locator('[data-testid="flow-node"]:has([data-testid="time-bar"][data-critical="true"])')
        .evaluateAll((rows: { getAttribute(name: string): string | null }[]) =>
          rows.map((row) => row.getAttribute('data-checkpoint') ?? ''),
        );
    await bar(flows, 'llm_complete').waitFor();
    expect((await marked()).sort()).toEqual([...ON_THE_PATH].sort());
    await flows.shot('timeline-critical-path');
    const button = page.getByRole('button', { name: 'Critical path' });
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    await button.click();
    await waitFor('nothing is marked', async () => (await marked()).length === 0);
    expect(await button.getAttribute('aria-pressed')).toBe('false');
    await button.press('Enter');
    await waitFor('it is marked again', async () => (await marked()).length === ON_THE_PATH.length);
    await page.close();
  });

  it('grows with what runs', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, params: { ...ALONE, 'fp-1-view': 'timeline' } });
    await flows.untilLive();
    const flow = stack.startFlow(user);
    const thinking = flow.begin('llm_thinking');
    const row = flows.node('llm_thinking');
    await flows.node('llm_thinking', 'running').waitFor();
    // Longer on the scale that holds, however often that one is stretched.
    const share = async (): Promise<number> => {
      const [track, running] = [
        await spanOf(flows.page.getByTestId('time-overview')),
        await spanOf(row.getByTestId('time-bar')),
      ];
      return (running.to - running.from) / (track.to - track.from);
    };
    const seen = new Set<string>();
    await waitFor('it has been longer and longer', async () => {
      seen.add((await share()).toFixed(3));
      return seen.size > 5;
    });
    const told = await row.innerText();
    await waitFor('its time is told anew', async () => (await row.innerText()) !== told);
    thinking.end();
    flow.end();
    await flows.node('llm_thinking', 'ok').waitFor();
    await waitFor('it fills the track', async () => (await share()) > 0.95);
    const ended = await row.innerText();
    const ends = await spanOf(bar(flows, 'llm_thinking'));
    await flows.page.waitForTimeout(300);
    expect(await row.innerText()).toBe(ended);
    expect(await spanOf(bar(flows, 'llm_thinking'))).toEqual(ends);
    expect(flows.errors).toEqual([]);
    await flows.page.close();
  });
});

describe('the outline of a flow', () => {
  it('has each checkpoint’s begin, duration and share of the flow', async () => {
    const flows = await openFlow('outline');
    const cells = async (checkpoint: string): Promise<string[]> =>
      (await flows.node(checkpoint).getByRole('gridcell').allInnerTexts()).map((text) => text.trim());
    for (const [checkpoint, ...told] of [
      ['auth_check', 'ok', '+2.0 s', '500 ms', '5 %'],
      ['llm_thinking', 'ok', '+2.5 s', '6.0 s', '60 %'],
      ['fast_tool', 'ok', '+3.0 s', '1.0 s', '10 %'],
    ] as const) {
      expect(await cells(checkpoint)).toEqual(expect.arrayContaining(told));
    }
    const widthOf = async (checkpoint: string): Promise<number> => {
      const { from, to } = await spanOf(flows.node(checkpoint).getByTestId('share-bar'));
      return to - from;
    };
    const [long, short] = [await widthOf('llm_thinking'), await widthOf('fast_tool')];
    expect(long / short).toBeCloseTo(6, 0);
    await flows.shot('outline-shares');
    expect(flows.errors).toEqual([]);
    await flows.page.close();
  });
});
