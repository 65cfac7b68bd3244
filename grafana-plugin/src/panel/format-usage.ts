import { language, t } from '../texts/t';
import { formatFixed } from './format';

/** Below it, an amount is told as less than this. */
const LEAST_COST = 0.001;
/** From this on an amount has as many decimals as money has. */
const PLAIN_FROM = 0.1;

const formats = new Map<string, Intl.NumberFormat>();

/** @param decimals -1 for as many as the currency has */
function moneyFormat(currency: string, decimals: number): Intl.NumberFormat {
  const key = `${currency} ${decimals}`;
  let format = formats.get(key);
  if (format === undefined) {
    const digits = decimals < 0 ? {} : { minimumFractionDigits: 0, maximumFractionDigits: decimals };
    format = new Intl.NumberFormat(language, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      ...digits,
    });
    formats.set(key, format);
  }
  return format;
}

/** `$0.011`, `<$0.001`, `$1.25`. @param currency code of ISO 4217 */
export function formatCost(cost: number, currency: string): string {
  if (cost > 0 && cost < LEAST_COST) return `<${moneyFormat(currency, 3).format(LEAST_COST)}`;
  return moneyFormat(currency, cost < PLAIN_FROM ? 3 : -1).format(cost);
}

/** `812 tok`, `12.3k tok`: so short that it fits a card. */
export function formatTokens(tokens: number): string {
  if (tokens < 9_999.5) return t('format.tokens', { tokens: Math.round(tokens) });
  return tokens < 999_950
    ? t('format.thousands-of-tokens', { thousands: formatFixed(tokens / 1_000, 1) })
    : t('format.millions-of-tokens', { millions: formatFixed(tokens / 1_000_000, 1) });
}

/** `42 tok/s`. */
export function formatRate(tokensPerSecond: number): string {
  return t('format.rate', {
    tokens: tokensPerSecond < 9.95 ? formatFixed(tokensPerSecond, 1) : Math.round(tokensPerSecond),
  });
}
