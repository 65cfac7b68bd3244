import type { FlowEvent } from '@flow-tracking/protocol';
import type { Locator, Page } from 'playwright-core';
import { chatFlow } from './support/flow-events';
import {
  searchOf,
  SOURCES,
  startTroubledBridges,
  TEN_YEARS,
  type PageParams,
  type TroubledBridges,
} from './support/troubled-bridges';
import { waitFor } from './support/wait-for';

/** Bridges in trouble and odd questions, on dashboards: each is answered, or told what to do. */

/** They mean something to regular expressions, globs, variables or lists. */
const ODD = ['a.b', '(x', '[', 'a|b', '$x', 'a,b'] as const;
const HALVES = [ODD.slice(0, 3), ODD.slice(3)] as const;

/** A flow that still runs, whose user, session, service and checkpoints all have one name. */
function oddFlow(name: string): FlowEvent[] {
  const events = chatFlow({ userId: name, sessionId: name, startedTs: Date.now() - 60_000 }).slice(0, 4);
  return events.map((event) => {
    if (event.type === 'flow_start') return { ...event, service: name };
    return event.type === 'checkpoint' ? { ...event, checkpoint: name } : event;
  });
}

let stack: TroubledBridges;

beforeAll(async () => {
  stack = await startTroubledBridges();
  await stack.well.record([
    ...ODD.flatMap(oddFlow),
    ...chatFlow({ userId: 'ann', sessionId: 'ann-1', startedTs: Date.now() - 120_000 }),
  ]);
});
afterAll(() => stack.stop());

const at = (uid: string, ...params: PageParams) => [['var-datasource', uid] as const, ...params];
const emptyOf = (page: Page): Locator => page.getByTestId('flow-empty');
const cell = (page: Page, text: string): Locator => page.getByRole('gridcell', { name: text, exact: true }).first();

/** Looks behind the sign in the header of a panel that failed, as Grafana shows it. */
async function untilSignSays(page: Page, title: string, text: string): Promise<void> {
  const panel = page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) });
  await panel.getByRole('button', { name: 'Panel status' }).hover();
  await page.getByRole('tooltip').getByText(text).waitFor();
  await page.mouse.move(0, 0);
  await page.getByRole('tooltip').waitFor({ state: 'hidden' });
}

describe('a bridge of another version', () => {
  it.each([
    [SOURCES.older, 'dark', /the bridge is older\. Update the bridge\. Then reload this page\./],
    [SOURCES.newer, 'light', /the bridge is newer\. Update the plugin\. Then reload this page\./],
    [SOURCES.newerOverHttp, 'dark', /the bridge is newer\. Update the plugin\. Then reload this page\./],
  ] as const)('%s: the live panel says which of the two to update', async (uid, theme, text) => {
    const { page, shot } = await stack.open('/d/flow-live', { theme, params: at(uid, ['var-user', 'ann']) });
    await emptyOf(page).getByText(text).waitFor();
    expect(await page.getByTestId('flow-panel').getAttribute('data-connection')).toBe('offline');
    await shot(`bad-live-${uid}`);
    await page.close();
  });

  it.each([
    [SOURCES.older, 'light', /the bridge is older\. Update the bridge\.$/],
    [SOURCES.newer, 'dark', /the bridge is newer\. Update the plugin\.$/],
  ] as const)('%s: the test of the datasource says so', async (uid, theme, text) => {
    const { page, shot } = await stack.open(`/connections/datasources/edit/${uid}`, { theme });
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByTestId('health-check').getByText(text).waitFor();
    await shot(`bad-health-${uid}`);
    await page.close();
  });

  it.each([SOURCES.older, SOURCES.newer])('%s: history goes on', async (uid) => {
    const { page, errors } = await stack.open('/d/flow-history', { params: at(uid, ['var-user', 'ann']) });
    await cell(page, 'ann').waitFor();
    await page.locator('[role="gridcell"] a', { hasText: 'ann-1' }).first().click();
    await page.locator('[data-testid="flow-node"][data-checkpoint="llm_thinking"]').waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe.each([
  [SOURCES.wrongToken, 'dark', 'The bridge refused the token. Check the tokens in the settings of the datasource.'],
  [SOURCES.away, 'light', 'Check that it runs and that the URL of the datasource is the one Grafana reaches it at.'],
] as const)('%s', (uid, theme, text) => {
  it('is told by the panel of flows, live and from history', async () => {
    const live = await stack.open('/d/flow-live', { theme, params: at(uid, ['var-user', 'ann']) });
    await emptyOf(live.page).getByText(text).waitFor();
    await live.shot(`bad-live-${uid}`);
    await live.page.close();
    const session = await stack.open('/d/flow-session', { theme, params: at(uid, ['var-session', 'ann-1']) });
    await emptyOf(session.page).getByText(text).waitFor();
    await session.shot(`bad-session-${uid}`);
    await session.page.close();
  });

  it('is told by a table and a graph', async () => {
    const { page, shot } = await stack.open('/d/flow-history', { theme, params: at(uid) });
    for (const title of ['Flows, newest first', 'Checkpoints a second']) await untilSignSays(page, title, text);
    await shot(`bad-history-${uid}`);
    await page.close();
  });
});

describe('a session that is not there', () => {
  it.each(['dark', 'light'] as const)('is told as such, and nobody else is shown, in the %s theme', async (theme) => {
    const { page, shot } = await stack.open('/d/flow-session', { theme, params: [['var-session', 'no-such-session']] });
    await emptyOf(page).getByText('No session no-such-session in history').waitFor();
    expect(await page.getByTestId('flow-list-item').count()).toBe(0);
    await shot('bad-unknown-session');
    await page.close();
  });
});

describe('ten years', () => {
  it('have all checkpoints, though most of the time is empty', async () => {
    const { page, errors, shot } = await stack.open('/d/flow-performance', { params: TEN_YEARS });
    for (const name of ['llm_thinking', ...ODD]) {
      await page.getByText(name, { exact: true }).first().waitFor({ state: 'attached' });
    }
    await shot('bad-ten-years-of-many');
    expect(errors).toEqual([]);
    await page.close();
  });
});

describe('values that mean something elsewhere', () => {
  /** Those of the odd names that stand in a table. */
  const oddIn = async (page: Page): Promise<string[]> => {
    const texts = await page.getByRole('gridcell').allInnerTexts();
    return ODD.filter((name) => texts.some((text) => text.trim() === name));
  };
  const untilOdd = (page: Page, expected: readonly string[]): Promise<unknown> =>
    waitFor(`the rows of ${JSON.stringify(expected)}`, async () => {
      const shown = await oddIn(page);
      if (JSON.stringify(shown) === JSON.stringify(expected)) return true;
      throw new Error(`shown are ${JSON.stringify(shown)}`);
    });

  it.each([
    ['/d/flow-history', ['user', 'service', 'checkpoint']],
    ['/d/flow-running', ['service', 'checkpoint']],
    ['/d/flow-performance', ['checkpoint']],
  ] as const)('%s: several of them choose exactly their own', async (path, variables) => {
    const { page, errors, shot } = await stack.open(path, { height: 1400 });
    for (const variable of variables) {
      for (const half of HALVES) {
        await page.goto(
          `${stack.previewUrl}${path}?${searchOf(half.map((name) => [`var-${variable}`, name] as const))}`,
        );
        await untilOdd(page, half);
      }
    }
    await shot(`bad-odd${path.replaceAll('/', '-')}`);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('are found as the text that they are', async () => {
    const { page, errors } = await stack.open('/d/flow-history', { height: 1400 });
    for (const name of ODD) {
      await page.goto(`${stack.previewUrl}/d/flow-history?${searchOf([['var-search', name]])}`);
      await untilOdd(page, [name]);
    }
    expect(errors).toEqual([]);
    await page.close();
  });

  it.each(['(x', '$x', 'a,b'])('%s: leads to its session and its live flows alone', async (name) => {
    const { page, errors } = await stack.open('/d/flow-session', {
      params: [
        ['var-user', name],
        ['var-session', name],
      ],
    });
    await page.getByTestId('flow-list-item').first().waitFor();
    expect(await page.getByTestId('flow-list-item').count()).toBe(1);
    await page.locator('[data-testid="flow-node"]').first().waitFor();
    await page.goto(`${stack.previewUrl}/d/flow-live?${searchOf([['var-user', name]])}`);
    await page.getByTestId('flow-list-item').first().waitFor();
    expect(await page.getByTestId('flow-list-item').count()).toBe(1);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('can be typed into a variable, and are chosen as they are', async () => {
    const { page, errors, shot } = await stack.open('/d/flow-live', { theme: 'light' });
    const input = page.getByLabel('User', { exact: true }).last();
    await input.click();
    await input.fill('(x');
    await page.getByRole('option', { name: '(x', exact: true }).first().click();
    await page.getByRole('heading', { name: 'Live flows of user (x', exact: true }).waitFor();
    await page.getByTestId('flow-list-item').first().waitFor();
    expect(await page.getByTestId('flow-list-item').count()).toBe(1);
    await shot('bad-typed');
    expect(errors).toEqual([]);
    await page.close();
  });

  it('that are no number are told as such where one is wanted', async () => {
    const { page } = await stack.open('/d/flow-history', { params: [['var-min_ms', '(x']] });
    await untilSignSays(page, 'Flows, newest first', 'Write one such as 5000, or leave it empty.');
    await page.close();
  });
});
