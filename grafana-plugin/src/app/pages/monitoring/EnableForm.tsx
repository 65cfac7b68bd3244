import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Combobox, InlineField, Input, useStyles2, type ComboboxOption } from '@grafana/ui';
import React, { useState, type FormEvent } from 'react';
import type { BridgeApi } from '../../../bridge-api';
import { MOST_HOURS } from '../../../monitoring/grant-lengths';
import { t } from '../../../texts/t';
import { useSuggestions } from '../../suggest/use-suggestions';

interface Props {
  api: BridgeApi;
  initialUser: string;
  disabled: boolean;
  onEnable: (userId: string, ttlHours: number, reason?: string) => Promise<boolean>;
}

/** Stands for hours that are typed. */
const CUSTOM = 0;
const HOURS: readonly number[] = [1, 8, 24];
/** As the bridge takes it. */
const MAX_REASON = 500;

/** Switches monitoring on for a user, for some hours, with a reason. Any id may be typed; those with flows are suggested. */
export function EnableForm({ api, initialUser, disabled, onEnable }: Props) {
  const styles = useStyles2(getStyles);
  const [user, setUser] = useState(initialUser);
  const [choice, setChoice] = useState(1);
  const [custom, setCustom] = useState('72');
  const [reason, setReason] = useState('');
  const users = useSuggestions(api, 'users', user);
  // Blanks at its ends are part of an id, though most often a slip.
  const hasBlankEnds = user.trim() !== user;
  const hours = choice === CUSTOM ? Number(custom) : choice;
  const isLength = hours > 0 && hours <= MOST_HOURS;

  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (user === '' || !isLength || !(await onEnable(user, hours, reason.trim() || undefined))) return;
    setUser('');
    setReason('');
  };

  const options: ComboboxOption<number>[] = [
    ...HOURS.map((value) => ({ value, label: t('monitoring.length.hours', { hours: value }) })),
    { value: CUSTOM, label: t('app.monitoring.other-length') },
  ];
  return (
    <form className={styles.form} onSubmit={(event) => void onSubmit(event)}>
      <InlineField label={t('app.monitoring.user-id')} htmlFor="flow-user">
        <Input
          id="flow-user"
          width={28}
          value={user}
          placeholder="123"
          list="flow-users"
          autoComplete="off"
          onChange={(event) => setUser(event.currentTarget.value)}
        />
      </InlineField>
      <datalist id="flow-users">
        {users.map((id) => (
          <option key={id} value={id} />
        ))}
      </datalist>
      <InlineField label={t('app.monitoring.for')} htmlFor="flow-length">
        <Combobox
          id="flow-length"
          aria-label={t('app.monitoring.for-how-long')}
          width={16}
          options={options}
          value={choice}
          onChange={(option) => setChoice(option.value)}
        />
      </InlineField>
      {choice === CUSTOM && (
        <InlineField label={t('app.monitoring.hours')} htmlFor="flow-hours" invalid={!isLength}>
          <Input
            id="flow-hours"
            type="number"
            width={10}
            min={0.1}
            max={MOST_HOURS}
            step="any"
            value={custom}
            onChange={(event) => setCustom(event.currentTarget.value)}
          />
        </InlineField>
      )}
      <InlineField label={t('monitoring.reason')} htmlFor="flow-reason">
        <Input
          id="flow-reason"
          width={28}
          value={reason}
          maxLength={MAX_REASON}
          placeholder={t('app.monitoring.reason-hint')}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </InlineField>
      <Button type="submit" icon="eye" disabled={disabled || user === '' || !isLength}>
        {t('monitoring.switch-on')}
      </Button>
      {(hasBlankEnds || !isLength) && (
        <span className={styles.hint} role="status">
          {isLength ? t('app.monitoring.blank-ends') : t('app.monitoring.wrong-length', { most: MOST_HOURS })}
        </span>
      )}
    </form>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  form: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: theme.spacing(0.5) }),
  hint: css({
    alignSelf: 'center',
    color: theme.colors.warning.text,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
});
