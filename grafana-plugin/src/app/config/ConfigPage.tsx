import { css } from '@emotion/css';
import { locationUtil, type AppPluginMeta, type GrafanaTheme2, type PluginConfigPageProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { t } from '../../texts/t';
import { AppLinks } from '../AppLinks';
import { listDatasources } from '../datasource/find-datasource';

/** What there is of the plugin in this Grafana, and where its settings are: those of the datasource. */
export function ConfigPage({ plugin }: PluginConfigPageProps<AppPluginMeta>) {
  const styles = useStyles2(getStyles);
  const datasources = listDatasources();
  return (
    <div className={styles} data-testid="config-page">
      <p>{t('app.config.version', { version: plugin.meta.info.version })}</p>
      <h2>{t('app.config.datasources')}</h2>
      {datasources.length === 0 ? (
        <p>{t('app.no-datasource-hint')}</p>
      ) : (
        <ul>
          {datasources.map(({ uid, name }) => (
            <li key={uid}>
              <a href={locationUtil.assureBaseUrl(`/connections/datasources/edit/${encodeURIComponent(uid)}`)}>
                {t('app.config.settings-of', { name })}
              </a>
            </li>
          ))}
        </ul>
      )}
      <h2>{t('app.links.title')}</h2>
      <AppLinks />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    '& h2': { margin: theme.spacing(2, 0, 1), fontSize: theme.typography.h4.fontSize },
    '& ul': { paddingLeft: theme.spacing(2.5) },
    '& a': { color: theme.colors.text.link },
  });
