import { css } from '@emotion/css';
import { locationUtil, type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { APP_ID } from '../constants';
import { t } from '../texts/t';

/** Where else to go: the app's pages and its dashboards. */
export function AppLinks() {
  const styles = useStyles2(getStyles);
  const links: [path: string, text: string][] = [
    [`/a/${APP_ID}/start`, t('app.links.start')],
    [`/a/${APP_ID}/running`, t('app.links.running')],
    [`/a/${APP_ID}`, t('app.links.monitoring')],
    ['/d/flow-live', t('app.links.live')],
    ['/d/flow-history', t('app.links.history')],
    ['/d/flow-session', t('app.links.session')],
    ['/d/flow-performance', t('app.links.performance')],
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
