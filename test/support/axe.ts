import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** Headings within Grafana's own menus, whose colour is not ours. */
const OF_GRAFANA = '[id^="group-label-"]';

/**
 * What lies behind an open popover of Grafana's. Floating UI hides it from screen readers and keeps the focus off it, which axe
 * only takes into account where it recognises the popover: that hangs on its place. That the focus stays in is for a test to see.
 */
const BEHIND_POPOVER = 'data-floating-ui-inert';

/** Waits until what fades in has done so: half faded it lacks contrast. What turns for ever goes on. */
const untilStill = `new Promise((resolve) => setTimeout(resolve, 50)).then(() => Promise.allSettled(
  document.getAnimations()
    .filter((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime))
    .map((animation) => animation.finished),
))`;

const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly id: string;
  readonly impact?: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

interface Axe {
  run(context: object, options: object): Promise<{ violations: readonly AxeResult[]; passes: readonly unknown[] }>;
}

/**
 * What axe finds serious or critical below a selector, a line for each element.
 *
 * @throws when axe looked at nothing at all, so that a wrong selector does not pass
 */
export async function seriousViolations(page: Page, selector: string): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  await page.evaluate(untilStill);
  const { violations, passes } = await page.evaluate(
    (context) =>
      (globalThis as unknown as { axe: Axe }).axe.run(context, { resultTypes: ['violations'] }).then((result) => ({
        violations: result.violations.map(({ id, impact, nodes }) => ({
          id,
          impact: impact ?? '',
          nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary: failureSummary ?? '' })),
        })),
        passes: result.passes.length,
      })),
    { include: [selector], exclude: [OF_GRAFANA] },
  );
  if (passes === 0) throw new Error(`axe found nothing to look at in ${selector}`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes
        .filter(({ html }) => id !== 'aria-hidden-focus' || !html.includes(BEHIND_POPOVER))
        .map(({ html, failureSummary }) => `${id}: ${html.slice(0, 240)} — ${failureSummary.replace(/\s+/g, ' ')}`),
    );
}
