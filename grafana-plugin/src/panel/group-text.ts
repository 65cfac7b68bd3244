import { t } from '../texts/t';
import type { GroupSummary } from './layout/fold-group';
import type { Looks } from './looks';

/** `40 × tool_call`. */
export function groupTitle({ count, checkpoint }: GroupSummary): string {
  return t('group.title', { number: count, checkpoint });
}

/** `3 failed`; empty when none has. */
export function failedText({ failed }: GroupSummary): string {
  return failed === 0 ? '' : t('group.failed', { number: failed });
}

/** `37 done, 3 running`, or where there is less room `3 running`; empty when all have ended. */
export function runningText({ count, running }: GroupSummary, isShort = false): string {
  if (running === 0) return '';
  return isShort
    ? t('group.running', { number: running })
    : t('group.done-and-running', { done: count - running, running });
}

/** `412 ms / 2.0 s`: the median and the longest; a dash while none has ended. */
export function groupDurations({ p50Ms, maxMs }: GroupSummary, { duration, noDuration }: Looks): string {
  return p50Ms === null || maxMs === null ? noDuration : `${duration(p50Ms)} / ${duration(maxMs)}`;
}

/** How the members ended, or that they run: `all ok`, `37 done, 3 running, 1 failed`. */
export function groupStatusText(group: GroupSummary): string {
  const parts = [runningText(group), failedText(group)].filter((part) => part !== '');
  return parts.length === 0 ? t('group.none-failed') : parts.join(', ');
}

/** For those who hear it. */
export function groupLabel(group: GroupSummary, { duration }: Looks): string {
  const { checkpoint, name, count, p50Ms, maxMs } = group;
  const what = t(name === '' ? 'group.times' : 'group.times-named', { number: count, checkpoint, name });
  const status = groupStatusText(group);
  if (p50Ms === null || maxMs === null) return t('group.label', { what, status });
  return t('group.label-with-durations', { what, status, median: duration(p50Ms), longest: duration(maxMs) });
}

export function foldAgainText(count: number): string {
  return t('group.fold-again', { number: count });
}
