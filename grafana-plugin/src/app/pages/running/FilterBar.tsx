import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Combobox, InlineField, Input, useStyles2 } from '@grafana/ui';
import React from 'react';
import type { BridgeApi } from '../../../bridge-api';
import { formatDuration } from '../../../panel/format';
import { t } from '../../../texts/t';
import { useSuggestions } from '../../suggest/use-suggestions';
import type { FiltersInUse } from './use-filters';
import { isSameFilters, NO_FILTERS } from './filters';

/** Ages that are offered, s; an address may have any. */
const AGES_S: readonly number[] = [0, 5, 30, 60, 600, 3_600];

/** What of all that runs is shown. Users and services of the last day are suggested; any may be typed. */
export function FilterBar({ api, filters: { typed, change, clear } }: { api: BridgeApi; filters: FiltersInUse }) {
  const styles = useStyles2(getStyles);
  const users = useSuggestions(api, 'users', typed.user);
  const services = useSuggestions(api, 'services', typed.service);
  const ages = [...new Set([...AGES_S, typed.minAgeS])].sort((a, b) => a - b);
  return (
    <div className={styles} role="search">
      <InlineField label={t('app.running.search')} htmlFor="running-text">
        <Input
          id="running-text"
          width={28}
          value={typed.text}
          placeholder={t('app.running.search-hint')}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
      </InlineField>
      <InlineField label={t('queries.columns.user')} htmlFor="running-user">
        <Input
          id="running-user"
          width={24}
          value={typed.user}
          placeholder={t('app.running.exact-id')}
          list="running-users"
          autoComplete="off"
          onChange={(event) => change({ user: event.currentTarget.value })}
        />
      </InlineField>
      <Suggestions id="running-users" values={users} />
      <InlineField label={t('queries.columns.service')} htmlFor="running-service">
        <Input
          id="running-service"
          width={20}
          value={typed.service}
          placeholder={t('app.running.service-hint')}
          list="running-services"
          autoComplete="off"
          onChange={(event) => change({ service: event.currentTarget.value })}
        />
      </InlineField>
      <Suggestions id="running-services" values={services} />
      <InlineField label={t('app.running.min-age')} htmlFor="running-min-age">
        <Combobox
          id="running-min-age"
          width={16}
          options={ages.map((value) => ({
            value,
            label: value === 0 ? t('app.running.any-age') : formatDuration(value * 1_000),
          }))}
          value={typed.minAgeS}
          onChange={({ value }) => change({ minAgeS: value })}
        />
      </InlineField>
      {!isSameFilters(typed, NO_FILTERS) && (
        <Button variant="secondary" fill="text" icon="times" onClick={clear}>
          {t('app.running.clear')}
        </Button>
      )}
    </div>
  );
}

function Suggestions({ id, values }: { id: string; values: readonly string[] }) {
  return (
    <datalist id={id}>
      {values.map((value) => (
        <option key={value} value={value} />
      ))}
    </datalist>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({ display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: theme.spacing(0.5) });
