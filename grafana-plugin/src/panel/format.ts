import type { FlowStatus } from '@flow-tracking/protocol';
import { createNumbers } from '../texts/numbers';
import { language, t } from '../texts/t';

/** `412 ms`, `3.9 s`, `1 m 05 s`, `2 h 07 m`; at most seven characters, so that columns stand still while time runs. */
export function formatDuration(ms: number): string {
  if (!(ms >= 0)) return t('format.milliseconds', { ms: '0' });
  if (ms < 1) return ms === 0 ? t('format.milliseconds', { ms: '0' }) : t('format.under-a-millisecond');
  if (ms < 999.5) return t('format.milliseconds', { ms: `${Math.round(ms)}` });
  if (ms < 59_950) return t('format.seconds', { seconds: formatFixed(ms / 1000, 1) });
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600)
    return t('format.minutes', { minutes: `${Math.floor(seconds / 60)}`, seconds: pad(seconds % 60) });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 24 * 60) return t('format.hours', { hours: `${Math.floor(minutes / 60)}`, minutes: pad(minutes % 60) });
  return t('format.days', { days: `${Math.floor(minutes / 1440)}`, hours: pad(Math.floor((minutes % 1440) / 60)) });
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** `34 %`, `<1 %`. @param share 0 to 1 */
export function percentText(share: number): string {
  return share >= 0.005 ? t('format.percent', { percent: Math.round(share * 100) }) : t('format.under-a-percent');
}

/** `42 min left`, `under a minute left`, `3 h 20 min left`. */
export function formatLeft(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  if (minutes <= 1) return t('format.left.under-a-minute');
  if (minutes < 60) return t('format.left.minutes', { minutes });
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0
    ? t('format.left.hours', { hours })
    : t('format.left.hours-and-minutes', { hours, minutes: minutes % 60 });
}

/** How long ago: `just now`, `12 s ago`, `4 min ago`, `3 h ago`, `2 d ago`. */
export function formatAge(ms: number): string {
  if (!(ms >= 1_000)) return t('format.age.now');
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return t('format.age.seconds', { seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('format.age.minutes', { minutes });
  return minutes < 24 * 60
    ? t('format.age.hours', { hours: Math.floor(minutes / 60) })
    : t('format.age.days', { days: Math.floor(minutes / 1440) });
}

const numbers = createNumbers(language);

/** `12,345`, as the language of the texts writes it. */
export const formatCount = numbers.plain;
/** `3.9`. */
export const formatFixed = numbers.fixed;

export function flowStatusText(status: FlowStatus): string {
  return t(`status.${status}`);
}
