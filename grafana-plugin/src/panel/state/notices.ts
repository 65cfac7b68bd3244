import type { Notice } from '../../frames/meta';
import { t } from '../../texts/t';

/**
 * All that is to be told about what is shown.
 *
 * @param failure why the last answer failed, while an earlier one is shown; empty when it did not
 * @param absentId the flow that was picked or linked and is not in the data
 */
export function noticesOf(notices: readonly Notice[], failure: string, absentId: string | null): readonly Notice[] {
  const all: Notice[] = [];
  if (failure !== '') all.push({ severity: 'error', text: failure });
  if (absentId !== null) {
    const text = t('notices.absent-flow', { id: absentId });
    all.push({ severity: 'warning', text });
  }
  return [...all, ...notices.filter((notice) => notice.text !== failure)];
}
