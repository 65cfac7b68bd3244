import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, ErrorBoundaryAlert, GlobalStyles, PortalContainer, useStyles2 } from '@grafana/ui';
import { useEffect } from 'react';
import { Route, Routes, useLocation } from 'react-router-dom';
import { DashboardPage } from '../dashboard/dashboard-page';
import { ExplorePage } from '../explore/explore-page';
import { Alerts } from './alerts';
import { AppPluginPage } from './app-plugin-page';
import { DataSourcePage } from './data-source-page';
import { followLinksInPage, HistoryRouter } from './history-router';
import { HomePage } from './home-page';
import { PluginConfigPage } from './plugin-config-page';
import { ThemeProvider } from './theme';
import { TopBar } from './top-bar';

/** The whole page. */
export function App() {
  useEffect(followLinksInPage, []);
  return (
    <ThemeProvider>
      <GlobalStyles />
      <HistoryRouter>
        <Layout />
        <Alerts />
      </HistoryRouter>
      <PortalContainer />
    </ThemeProvider>
  );
}

function Layout() {
  const styles = useStyles2(getStyles);
  const { pathname, search } = useLocation();
  const isKiosk = new URLSearchParams(search).has('kiosk');
  return (
    <div className={styles}>
      {!isKiosk && <TopBar />}
      <ErrorBoundaryAlert key={pathname.split('/', 3).join('/')}>
        <Routes>
          <Route path="/" element={<HomePage />} />
          <Route path="/dashboards" element={<HomePage />} />
          <Route path="/d/:uid/:slug?" element={<DashboardPage />} />
          <Route path="/explore" element={<ExplorePage />} />
          <Route path="/a/:pluginId/*" element={<AppPluginPage />} />
          <Route path="/connections/datasources/edit/:uid" element={<DataSourcePage />} />
          <Route path="/plugins/:pluginId" element={<PluginConfigPage />} />
          <Route path="*" element={<Alert severity="warning" title="There is no such page in the preview" />} />
        </Routes>
      </ErrorBoundaryAlert>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({ minHeight: '100vh', display: 'flex', flexDirection: 'column', background: theme.colors.background.canvas });
