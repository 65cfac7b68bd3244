import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Icon, Input, useStyles2, type ButtonVariant } from '@grafana/ui';
import React, { useEffect, useId, useRef, useState } from 'react';
import type { BridgeApi } from '../../bridge-api';
import { extendedHours, lengthText, SHORT_LENGTHS } from '../../monitoring/grant-lengths';
import { useMonitoringSwitch } from '../../monitoring/use-monitoring-switch';
import { t } from '../../texts/t';
import type { ShownMonitoring } from './use-monitoring';

interface Props {
  bridge: BridgeApi;
  monitoring: ShownMonitoring;
}

interface Act {
  readonly label: string;
  readonly name?: string;
  readonly variant?: ButtonVariant;
  readonly run: (reason: string | undefined) => Promise<boolean>;
}

/** As the bridge takes it. */
const MAX_REASON = 500;

/** How monitoring stands, in words, and the buttons that change it. What a button did is seen when the bridge says so. */
export function MonitoringActions({ bridge, monitoring }: Props) {
  const styles = useStyles2(getStyles);
  const { refusal, busy, error, enable, disable, retry } = useMonitoringSwitch(bridge);
  const [reason, setReason] = useState('');
  const [pressed, setPressed] = useState('');
  const root = useRef<HTMLDivElement>(null);
  const refusalId = useId();
  const { user, nowTs, href } = monitoring;
  const isOn = user?.on ?? false;

  // The buttons of the other state have come in place of the one that had the focus.
  useEffect(() => {
    if (pressed !== '') root.current?.querySelector('button')?.focus();
    setPressed('');
  }, [isOn]);

  const acts: Act[] = [];
  const longer = user?.expiresTs == null ? null : extendedHours(user.expiresTs - nowTs, 1);
  if (user !== null && isOn) {
    if (longer !== null) acts.push({ label: t('monitoring.extend'), run: (why) => enable(user.userId, longer, why) });
    acts.push({ label: t('monitoring.switch-off'), variant: 'destructive', run: (why) => disable(user.userId, why) });
  } else if (user !== null) {
    for (const hours of SHORT_LENGTHS) {
      const label = lengthText(hours);
      const name = t('monitoring.switch-on-for-length', { length: label });
      acts.push({ label, name, run: (why) => enable(user.userId, hours, why) });
    }
  }
  const press = (label: string, run: () => Promise<boolean>): void => {
    if (busy || refusal !== null) return;
    setPressed(label);
    void run().then((worked) => worked && setReason(''));
  };
  const button = ({ label, name, variant = 'secondary', run }: Act) => (
    <Button
      key={label}
      size="sm"
      variant={variant}
      fill={variant === 'destructive' ? 'outline' : 'solid'}
      className={styles.button}
      aria-label={name ?? label}
      disabled={busy || refusal !== null}
      // With a tooltip, Grafana's button keeps the focus while it is disabled, and always the same element.
      tooltip={refusal ?? (busy ? t('monitoring.busy') : (name ?? label))}
      aria-describedby={refusal === null ? undefined : refusalId}
      onClick={() => press(label, () => run(reason.trim() === '' ? undefined : reason.trim()))}
    >
      {busy && pressed === label && <Icon name="spinner" size="sm" />}
      {label}
    </Button>
  );

  return (
    <div ref={root} className={styles.box} data-testid="flow-monitoring-actions" data-on={isOn} aria-busy={busy}>
      <p className={styles.line} aria-live="polite" data-testid="flow-monitoring-state">
        {user === null ? t('monitoring.no-user', { state: monitoring.text }) : user.sentence}
      </p>
      {user?.isOfFlow === true && <p className={styles.quiet}>{t('monitoring.user-of-flow')}</p>}
      {monitoring.isStale && <p className={styles.quiet}>{t('monitoring.stale')}</p>}
      {user !== null && (
        <>
          <div
            className={styles.buttons}
            role="group"
            aria-label={isOn ? t('monitoring.change') : t('monitoring.switch-on-for')}
          >
            {!isOn && <span className={styles.quiet}>{t('monitoring.switch-on-for')}</span>}
            {acts.map(button)}
          </div>
          {isOn && longer === null && user.expiresTs !== null && (
            <p className={styles.quiet}>{t('monitoring.longest')}</p>
          )}
          {refusal === null ? (
            <Input
              aria-label={t('monitoring.reason')}
              placeholder={t('monitoring.reason-hint')}
              maxLength={MAX_REASON}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          ) : (
            <p id={refusalId} className={styles.quiet}>
              {refusal}
            </p>
          )}
        </>
      )}
      {error !== null && (
        <div className={styles.error} role="alert">
          <span>{error}</span>
          <Button size="sm" variant="secondary" onClick={() => press(pressed, retry)}>
            {t('monitoring.retry')}
          </Button>
        </div>
      )}
      <a className={styles.link} href={href}>
        {t('monitoring.manage')}
      </a>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    width: 320,
    maxWidth: '80vw',
    paddingRight: theme.spacing(2),
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  line: css({ margin: 0, color: theme.colors.text.primary, overflowWrap: 'anywhere' }),
  quiet: css({ margin: 0, color: theme.colors.text.secondary }),
  buttons: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(0.75) }),
  button: css({ gap: 4, "&[aria-disabled='true']": { opacity: 0.65, cursor: 'not-allowed' } }),
  error: css({
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    color: theme.colors.error.text,
    overflowWrap: 'anywhere',
  }),
  link: css({ color: theme.colors.text.link, alignSelf: 'flex-start', '&:hover': { textDecoration: 'underline' } }),
});
