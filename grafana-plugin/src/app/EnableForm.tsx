import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Combobox, InlineField, Input, useStyles2, type ComboboxOption } from '@grafana/ui';
import React, { useState, type FormEvent } from 'react';

interface Props {
  initialUser: string;
  disabled: boolean;
  onEnable: (userId: string, ttlHours: number) => Promise<boolean>;
}

const HOURS: ComboboxOption<number>[] = [
  { value: 1, label: '1 hour' },
  { value: 4, label: '4 hours' },
  { value: 8, label: '8 hours' },
  { value: 24, label: '1 day' },
  { value: 72, label: '3 days' },
];

/** Switches monitoring on for a user, for some hours. */
export function EnableForm({ initialUser, disabled, onEnable }: Props) {
  const styles = useStyles2(getStyles);
  const [user, setUser] = useState(initialUser);
  const [hours, setHours] = useState(1);
  // Blanks at its ends are part of an id, though most often a slip.
  const hasBlankEnds = user.trim() !== user;

  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (user !== '' && (await onEnable(user, hours))) setUser('');
  };

  return (
    <form className={styles.form} onSubmit={(event) => void onSubmit(event)}>
      <InlineField label="User id" htmlFor="flow-user">
        <Input
          id="flow-user"
          width={28}
          value={user}
          placeholder="123"
          onChange={(event) => setUser(event.currentTarget.value)}
        />
      </InlineField>
      <InlineField label="For">
        <Combobox
          aria-label="For how long"
          width={16}
          options={HOURS}
          value={hours}
          onChange={(option) => setHours(option.value)}
        />
      </InlineField>
      <Button type="submit" icon="eye" disabled={disabled || user === ''}>
        Switch on monitoring
      </Button>
      {hasBlankEnds && (
        <span className={styles.hint} role="status">
          The id starts or ends with a space, which is part of it.
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
