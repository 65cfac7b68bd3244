import { css } from '@emotion/css';
import { locationUtil, type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { APP_ID, DATASOURCE_PARAM } from '../constants';
import { t } from '../texts/t';
import { chosenDatasource } from './datasource/chosen-datasource';

type Link = [path: string, text: string];

/**
 * Where else to go with the datasource that is chosen here: the app's pages and its dashboards.
 *
 * @param isOnStart the page is the first of them
 */
export function AppLinks({ isOnStart = false }: { isOnStart?: boolean }) {
  const styles = useStyles2(getStyles);
  const uid = chosenDatasource();
  const withDatasource = (path: string, param: string): string =>
    uid ? `${path}?${param}=${encodeURIComponent(uid)}` : path;
  const page = (path: string): string => withDatasource(`/a/${APP_ID}${path}`, DATASOURCE_PARAM);
  const dashboard = (dashboardUid: string): string => withDatasource(`/d/${dashboardUid}`, 'var-datasource');
  const startPage: Link = [page('/start'), t('app.links.start')];
  const links: Link[] = [
    ...(isOnStart ? [] : [startPage]),
    [page('/running'), t('app.links.running')],
    [page(''), t('app.links.monitoring')],
    [dashboard('flow-live'), t('app.links.live')],
    [dashboard('flow-history'), t('app.links.history')],
    [dashboard('flow-session'), t('app.links.session')],
    [dashboard('flow-performance'), t('app.links.performance')],
    // It asks Prometheus.
    ['/d/flow-bridge-health', t('app.links.health')],
  ];
  return (
    <ul className={styles}>
      {links.map(([path, text]) => (
        <li key={path}>
          <a href={locationUtil.assureBaseUrl(path)}>{text}</a>
        </li>
      ))}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    margin: 0,
    paddingLeft: theme.spacing(2.5),
    '& a': { color: theme.colors.text.link, '&:hover': { textDecoration: 'underline' } },
  });
