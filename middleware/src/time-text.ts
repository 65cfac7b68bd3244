import { flat, tableOf } from './flat-text';

/**
 * Times as JSON text with up to three decimals, put together from the whole ms and a table: a tenth of what printing
 * such a double costs, which was most of an event's cost.
 */

const fractionText = tableOf(1000, (micros) => (micros === 0 ? '' : `.${String(micros).padStart(3, '0')}`));
const shortText = tableOf(1000, (micros) => `,"duration_ms":${micros / 1000}`);
const wholeText = tableOf(1000, (ms) => `,"duration_ms":${ms}`);

/** What is recorded within one ms shares the text of it. */
function createTimeText(key: string): (epochMs: number) => string {
  let latestMs = -1;
  let latestText = '';
  return (epochMs) => {
    const micros = Math.round(epochMs * 1000);
    const whole = Math.floor(micros / 1000);
    if (whole !== latestMs) {
      latestMs = whole;
      latestText = flat(`,"${key}":${whole}`);
    }
    return latestText + fractionText(micros - whole * 1000);
  };
}

/** `,"ts":…` of epoch ms. */
export const tsText = createTimeText('ts');
/** `,"started_ts":…` of epoch ms. */
export const startedTsText = createTimeText('started_ts');

/** `,"duration_ms":…`. @param durationMs 0 and above */
export function durationText(durationMs: number): string {
  const micros = Math.round(durationMs * 1000);
  if (micros < 1000) return shortText(micros);
  const whole = Math.floor(micros / 1000);
  return wholeText(whole) + fractionText(micros - whole * 1000);
}
