import type { CDPSession, Page } from 'playwright-core';
import type { PanelPage } from '../support/panel-page';
import { usePanelStack } from '../support/panel-stack';
import { timedFlow, type TimedStep } from '../support/timed-flow';
import { waitFor } from '../support/wait-for';

const stack = usePanelStack();

/** Visits until icons and styles are loaded. */
const WARM_UP = 2;
const VISITS = 5;
/** A transition begins within these after what it moves is there. */
const STILL_FRAMES = 5;
const STEPS: readonly TimedStep[] = [
  { checkpoint: 'auth_check', atMs: 1, tookMs: 2 },
  { checkpoint: 'llm_thinking', atMs: 5, tookMs: 600 },
  { checkpoint: 'tool_call', atMs: 20, tookMs: 100, below: 1, tool: 'search', error: 'search took too long' },
];

/** Counts what a page has open and would run on: sockets, intervals, and frames that are asked for. */
async function watchOpen(page: Page): Promise<void> {
  await page.addInitScript(`{
    const [sockets, intervals, frames] = [new Set(), new Set(), new Set()];
    window.stillOpen = () => ({ sockets: sockets.size, intervals: intervals.size, frames: frames.size });
    window.WebSocket = class extends WebSocket {
      constructor(...args) {
        super(...args);
        sockets.add(this);
        this.addEventListener('close', () => sockets.delete(this));
      }
    };
    const { setInterval, clearInterval, requestAnimationFrame, cancelAnimationFrame } = window;
    window.setInterval = (...args) => {
      const id = setInterval(...args);
      intervals.add(id);
      return id;
    };
    window.clearInterval = (id) => {
      intervals.delete(id);
      clearInterval(id);
    };
    window.requestAnimationFrame = (act) => {
      const id = requestAnimationFrame((nowMs) => {
        frames.delete(id);
        act(nowMs);
      });
      frames.add(id);
      return id;
    };
    window.cancelAnimationFrame = (id) => {
      frames.delete(id);
      cancelAnimationFrame(id);
    };
  }`);
}

interface Open {
  readonly sockets: number;
  readonly intervals: number;
  readonly frames: number;
}

const openIn = (page: Page): Promise<Open> => page.evaluate<Open>('window.stillOpen()');

/** DOM nodes, detached ones included, and listeners, after what nobody holds is gone. */
async function countHeld(devTools: CDPSession): Promise<{ nodes: number; listeners: number }> {
  await devTools.send('HeapProfiler.collectGarbage');
  await devTools.send('HeapProfiler.collectGarbage');
  const { nodes, jsEventListeners } = await devTools.send('Memory.getDOMCounters');
  return { nodes, listeners: jsEventListeners };
}

/**
 * Waits until no transition runs. Grafana's libraries hold what is taken away while two of its properties are in transition,
 * such as a menu that fades in: https://github.com/adobe/react-spectrum/issues/7326. The panel keeps its own nodes out of that,
 * and can't keep out a menu or a dialog, which stand elsewhere in the page.
 */
async function untilStill(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    let still = 0;
    const look = () => {
      const moves = document.getAnimations().some((each) => each instanceof CSSTransition && each.playState === 'running');
      still = moves ? 0 : still + 1;
      if (still === ${STILL_FRAMES}) resolve();
      else requestAnimationFrame(look);
    };
    look();
  })`);
}

/**
 * What each visit held more than the one before the last, which did the same. A leak is in each of its kind, and a panel is
 * more than 250 nodes and 30 listeners. One visit may add: it holds a part until the next one, or, where a transition was cut
 * short after all, for good.
 */
function grownBy(held: readonly number[]): number[] {
  return held.slice(2).map((count, i) => count - (held[i] ?? 0));
}

/** The lower one of two. */
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? 0;

/** Opens whatever the panel can open, for the flow that is shown. */
async function useAll({ page, panel, view, node }: PanelPage, shown: 'running' | 'ended'): Promise<void> {
  const details = page.getByTestId('flow-node-details');
  for (const name of ['Timeline', 'Outline', 'Tree'] as const) {
    await view(name);
    await node('tool_call').focus();
    await page.keyboard.press('Enter');
    await details.waitFor();
    await page.keyboard.press('Escape');
    await details.waitFor({ state: 'detached' });
  }
  await node('tool_call').focus();
  const opened = {
    '?': 'flow-key-help',
    '/': 'flow-search',
    F: 'flow-filter-form',
    c: 'flow-compare',
    ...(shown === 'ended' && { p: 'flow-replay' }),
  };
  for (const [key, opens] of Object.entries(opened)) {
    await page.keyboard.press(key);
    await page.getByTestId(opens).waitFor();
    await untilStill(page);
    await page.keyboard.press('Escape');
    await page.getByTestId(opens).waitFor({ state: 'detached' });
  }
  await panel.getByRole('button', { name: 'Panel menu' }).click();
  await page.getByRole('menu').waitFor();
  await untilStill(page);
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await node('tool_call').focus();
  await page.keyboard.press('Enter');
  await details.waitFor();
  // It is left while the ring of a focus grows.
  await panel.getByRole('button', { name: 'Panel menu' }).focus();
}

describe('a panel that is left', () => {
  it('leaves no node, listener, socket or timer behind', async () => {
    const user = await stack.freshUser();
    const flows = await stack.open({ user, prepare: watchOpen });
    const { page, errors } = flows;
    const devTools = await page.context().newCDPSession(page);
    await flows.untilLive();
    const ended = timedFlow({ userId: user, startedTs: Date.now() - 60_000, tookMs: 700, steps: STEPS });
    const running = timedFlow({
      userId: user,
      startedTs: Date.now() - 1_000,
      steps: [...STEPS, { checkpoint: 'llm_answer', atMs: 700 }],
    });
    await stack.emit(user, [...ended.events, ...running.events]);

    const leave = async () => {
      await page.getByRole('link', { name: 'Home', exact: true }).click();
      await page.getByRole('heading', { name: 'Dashboards' }).waitFor();
      await flows.panel.waitFor({ state: 'detached' });
      await waitFor('no frame is asked for', async () => (await openIn(page)).frames === 0);
      return { ...(await countHeld(devTools)), ...(await openIn(page)) };
    };
    const left: Awaited<ReturnType<typeof leave>>[] = [];
    for (let visit = 0; visit < WARM_UP + VISITS; visit++) {
      if (visit > 0) await page.goBack();
      await flows.untilLive();
      const shown = visit % 2 === 0 ? 'running' : 'ended';
      const { id } = shown === 'running' ? running : ended;
      await page.locator(`[data-testid="flow-list-item"][data-flow-id="${id}"]`).click();
      await flows.untilFlow(id);
      await flows.untilNodes(3);
      await useAll(flows, shown);
      left.push(await leave());
    }
    for (const what of ['nodes', 'listeners'] as const) {
      const grown = grownBy(left.slice(WARM_UP - 1).map((visit) => visit[what]));
      expect({ what, grown, isLeak: median(grown) > 0 }).toEqual({ what, grown, isLeak: false });
    }
    // The datasource keeps its connection for a moment, for who comes back.
    for (const { sockets } of left) expect(sockets).toBeLessThanOrEqual(1);
    await waitFor('the connection is closed', async () => (await openIn(page)).sockets === 0);
    expect(await openIn(page)).toEqual({ sockets: 0, intervals: 0, frames: 0 });
    expect(errors).toEqual([]);
    await page.close();
  });
});
