import { css } from '@emotion/css';
import type { DataSourceInstanceSettings, GrafanaTheme2 } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { Alert, Combobox, InlineField, TextLink, useStyles2 } from '@grafana/ui';
import React, { useMemo, useState, type ReactNode } from 'react';
import { DATASOURCE_PARAM } from '../../constants';
import { t } from '../../texts/t';
import { chosenDatasource } from './chosen-datasource';
import { findDatasource, listDatasources } from './find-datasource';

/** A datasource that Grafana can reach the bridge through. */
export interface ReachedDatasource {
  readonly settings: DataSourceInstanceSettings;
  /** The datasource's own URL, as Grafana gives it. */
  readonly proxyUrl: string;
}

interface Props {
  children: (datasource: ReachedDatasource) => ReactNode;
}

/** Shows its children for the datasource that the address names; of several, one is picked, and kept in the address. Of one that is not here it says so. */
export function DatasourceGate({ children }: Props) {
  const styles = useStyles2(getStyles);
  const all = useMemo(listDatasources, []);
  const [uid, setUid] = useState(chosenDatasource);
  const settings = findDatasource(uid);
  if (settings?.url === undefined) {
    return (
      <Alert severity="warning" title={t('app.no-datasource')}>
        {t('app.no-datasource-hint')}{' '}
        <TextLink href="/connections/datasources/new" inline>
          {t('app.add-datasource')}
        </TextLink>
      </Alert>
    );
  }
  const pick = (picked: string): void => {
    setUid(picked);
    locationService.partial({ [DATASOURCE_PARAM]: picked }, true);
  };
  return (
    <>
      {all.length > 1 && (
        <div className={styles.picker}>
          <InlineField label={t('app.datasource')} htmlFor="flow-datasource">
            <Combobox
              id="flow-datasource"
              width={32}
              options={all.map(({ uid: value, name: label }) => ({ value, label }))}
              value={settings.uid}
              onChange={({ value }) => pick(value)}
            />
          </InlineField>
        </div>
      )}
      {uid && uid !== settings.uid && (
        <Alert severity="warning" title={t('app.absent-datasource', { uid })}>
          {t('app.absent-datasource-hint', { name: settings.name })}
        </Alert>
      )}
      <React.Fragment key={settings.uid}>{children({ settings, proxyUrl: settings.url })}</React.Fragment>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ picker: css({ marginBottom: theme.spacing(1) }) });
