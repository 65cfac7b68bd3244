import { extendedHours, lengthText, SHORT_LENGTHS } from '../../monitoring/grant-lengths';
import type { MonitoringSwitch } from '../../monitoring/use-monitoring-switch';
import { t } from '../../texts/t';
import type { MenuEntry, MenuGroup } from './menu-groups';
import type { ShownMonitoring } from './use-monitoring';

/** What the badge's window holds, where there is no room for a badge. */
export function monitoringMenu(monitoring: ShownMonitoring, control: MonitoringSwitch): MenuGroup {
  const { on, text, href, user, nowTs } = monitoring;
  const refusal = control.busy ? t('monitoring.busy') : control.refusal;
  const entry = (label: string, act: () => Promise<boolean>): MenuEntry => ({
    label,
    ...(refusal === null ? { onClick: () => void act() } : { refusal }),
  });
  const entries: MenuEntry[] = [{ label: user?.sentence ?? text, icon: on ? 'eye' : 'eye-slash', href }];
  if (user === null) return { label: t('monitoring.title'), entries };
  if (user.on) {
    const hours = user.expiresTs === null ? null : extendedHours(user.expiresTs - nowTs, 1);
    if (hours !== null) entries.push(entry(t('monitoring.extend'), () => control.enable(user.userId, hours)));
    entries.push(entry(t('monitoring.switch-off'), () => control.disable(user.userId)));
  } else {
    for (const hours of SHORT_LENGTHS) {
      entries.push(
        entry(t('monitoring.switch-on-for-length', { length: lengthText(hours) }), () =>
          control.enable(user.userId, hours),
        ),
      );
    }
  }
  return { label: t('monitoring.title'), entries };
}
