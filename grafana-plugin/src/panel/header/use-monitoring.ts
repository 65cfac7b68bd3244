import { locationUtil } from '@grafana/data';
import { monitoringPagePath } from '../../constants';
import { useClockOffset } from '../components/clock-context';
import { isChosen, onlyUser, type FlowFrameMeta } from '../../frames/meta';
import { monitoringText } from '../status-text';
import { useWallNow } from '../ticker';

/** Whether the user is monitored and for how long, with the way to where that is changed; null where it plays no part. */
export function useMonitoring(meta: FlowFrameMeta | null): { on: boolean; text: string; href: string } | null {
  const nowTs = useWallNow('calm') - useClockOffset();
  const monitoring = meta === null || !isChosen(meta.subject) ? null : monitoringText(meta, nowTs);
  if (monitoring === null || meta === null) return null;
  return { ...monitoring, href: locationUtil.assureBaseUrl(monitoringPagePath(onlyUser(meta.subject))) };
}
