import { firstChunkMs, tokensPerSecond, usageOf } from '@flow-tracking/protocol';
import type { PanelNode } from '../frames/panel-flow';
import { t } from '../texts/t';
import { formatCost, formatRate, formatTokens } from './format-usage';
import type { FormatDuration } from './looks';

type Told = Pick<PanelNode, 'attributes' | 'durationMs' | 'cost'>;

/** What a model call took, what matters most first: `852 tok`, `$0.011`, `152 tok/s`, `first 0.6 s`. */
export function usageParts(
  { attributes, durationMs, cost }: Told,
  currency: string,
  duration: FormatDuration,
): string[] {
  const usage = usageOf(attributes);
  const rate = tokensPerSecond(attributes, durationMs);
  const firstMs = firstChunkMs(attributes);
  return [
    usage === null ? null : formatTokens(usage.input + usage.output),
    cost === undefined || cost === null ? null : formatCost(cost, currency),
    rate === null ? null : formatRate(rate),
    firstMs === null ? null : t('format.first-chunk', { duration: duration(firstMs) }),
  ].filter((part) => part !== null);
}

/** The detail with as many of these parts as may have room, longest first. */
export function usageLines(detail: string, node: Told, currency: string, duration: FormatDuration): string[] {
  const parts = usageParts(node, currency, duration);
  return parts
    .map((_, i) => [detail, ...parts.slice(0, parts.length - i)].filter((part) => part !== '').join(' · '))
    .concat(detail);
}
