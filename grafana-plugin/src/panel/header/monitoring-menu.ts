import { SHORT_LENGTHS, extendedHours } from '../../monitoring/grant-lengths';
import type { MonitoringSwitch } from '../../monitoring/use-monitoring-switch';
import type { MenuEntry, MenuGroup } from './menu-groups';
import type { ShownMonitoring } from './use-monitoring';

/** What the badge's window holds, where there is no room for a badge. */
export function monitoringMenu(monitoring: ShownMonitoring, control: MonitoringSwitch): MenuGroup {
  const { on, text, href, user, nowTs } = monitoring;
  const refusal = control.busy ? 'A change is on its way.' : control.refusal;
  const entry = (label: string, act: () => Promise<boolean>): MenuEntry => ({
    label,
    ...(refusal === null ? { onClick: () => void act() } : { refusal }),
  });
  const entries: MenuEntry[] = [{ label: user?.sentence ?? text, icon: on ? 'eye' : 'eye-slash', href }];
  if (user === null) return { label: 'Monitoring', entries };
  if (user.on) {
    const hours = user.expiresTs === null ? null : extendedHours(user.expiresTs - nowTs, 1);
    if (hours !== null) entries.push(entry('Extend by 1 h', () => control.enable(user.userId, hours)));
    entries.push(entry('Switch off', () => control.disable(user.userId)));
  } else {
    for (const { hours, label } of SHORT_LENGTHS) {
      entries.push(entry(`Switch on for ${label}`, () => control.enable(user.userId, hours)));
    }
  }
  return { label: 'Monitoring', entries };
}
