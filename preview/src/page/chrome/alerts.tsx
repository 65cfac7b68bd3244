import { css } from '@emotion/css';
import { AppEvents, type AlertPayload, type GrafanaTheme2 } from '@grafana/data';
import { Alert, Portal, useStyles2, type AlertVariant } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { appEvents } from '../services/app-events';

interface Shown {
  id: number;
  severity: AlertVariant;
  title: string;
  text?: string;
}

const SHOWN_MS = 5000;
const SEVERITIES = [
  [AppEvents.alertSuccess, 'success'],
  [AppEvents.alertInfo, 'info'],
  [AppEvents.alertWarning, 'warning'],
  [AppEvents.alertError, 'error'],
] as const;

/** What plugins announce through the event bus, in the corner for some seconds. */
export function Alerts() {
  const [alerts, setAlerts] = useState<Shown[]>([]);
  const styles = useStyles2(getStyles);
  const remove = (id: number): void => setAlerts((shown) => shown.filter((alert) => alert.id !== id));

  useEffect(() => {
    let nextId = 0;
    const timers = new Set<number>();
    const offs = SEVERITIES.map(([event, severity]) => {
      const handler = (payload?: AlertPayload): void => {
        const [title, text] = payload ?? [];
        const id = nextId++;
        setAlerts((shown) => [...shown.slice(-4), { id, severity, title: title ?? '', text }]);
        timers.add(window.setTimeout(() => remove(id), SHOWN_MS));
      };
      appEvents.on(event as typeof AppEvents.alertSuccess, handler);
      return () => appEvents.off(event as typeof AppEvents.alertSuccess, handler);
    });
    return () => {
      offs.forEach((off) => off());
      timers.forEach((timer) => clearTimeout(timer));
    };
  }, []);

  if (alerts.length === 0) return null;
  return (
    <Portal>
      <div className={styles}>
        {alerts.map(({ id, severity, title, text }) => (
          <Alert key={id} elevated severity={severity} title={title} onRemove={() => remove(id)}>
            {text}
          </Alert>
        ))}
      </div>
    </Portal>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    position: 'fixed',
    right: theme.spacing(2),
    top: theme.spacing(7),
    width: 400,
    maxWidth: '90vw',
    zIndex: theme.zIndex.portal,
  });
