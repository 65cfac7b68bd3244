import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Dropdown, Icon, IconButton, Menu, ToolbarButton, useStyles2, useTheme2 } from '@grafana/ui';
import { Link, useLocation } from 'react-router-dom';
import { mayExplore } from '../explore/may-explore';
import { ChoiceMenus } from './choice-menus';
import { useToggleTheme } from './theme';

/** The slim bar on top: where one is, where else one can go, dark or light. */
export function TopBar() {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const toggleTheme = useToggleTheme();
  const { pathname } = useLocation();
  return (
    <header className={styles.bar}>
      <nav className={styles.crumbs} aria-label="Breadcrumbs">
        <Link to="/" className={styles.home}>
          <Icon name="home-alt" />
          Home
        </Link>
        {crumbsOf(pathname).map((crumb) => (
          <span key={crumb} className={styles.crumb}>
            <Icon name="angle-right" size="sm" className={styles.quiet} />
            <span className={styles.text}>{crumb}</span>
          </span>
        ))}
      </nav>
      <Dropdown overlay={createPagesMenu} placement="bottom-end">
        <ToolbarButton icon="apps" variant="canvas" isOpen={undefined}>
          Pages
        </ToolbarButton>
      </Dropdown>
      <ChoiceMenus />
      <IconButton
        name="adjust-circle"
        size="lg"
        tooltip={theme.isDark ? 'Light theme' : 'Dark theme'}
        aria-label={theme.isDark ? 'Light theme' : 'Dark theme'}
        onClick={toggleTheme}
      />
    </header>
  );
}

function createPagesMenu() {
  const { dashboards, apps, dataSources } = window.previewCatalogue;
  return (
    <Menu>
      <Menu.Item label="Home" icon="home-alt" url="/" />
      {mayExplore() && <Menu.Item label="Explore" icon="compass" url="/explore" />}
      {dashboards.length > 0 && (
        <Menu.Group label="Dashboards">
          {dashboards.map((item) => (
            <Menu.Item key={item.uid} label={item.title} icon="apps" url={item.url} />
          ))}
        </Menu.Group>
      )}
      {apps.map((app) => (
        <Menu.Group key={app.id} label={app.name}>
          {app.pages.map((page) => (
            <Menu.Item key={page.url} label={page.name} icon="document-info" url={page.url} />
          ))}
          {app.configUrl !== null && <Menu.Item label="Configuration" icon="cog" url={app.configUrl} />}
        </Menu.Group>
      ))}
      {dataSources.length > 0 && (
        <Menu.Group label="Data sources">
          {dataSources.map((item) => (
            <Menu.Item key={item.url} label={item.name} icon="database" url={item.url} />
          ))}
        </Menu.Group>
      )}
    </Menu>
  );
}

/** What stands behind Home, from the address alone. */
function crumbsOf(pathname: string): string[] {
  const { dashboards, apps, dataSources } = window.previewCatalogue;
  const [, kind, id] = pathname.split('/');
  if (kind === 'd')
    return ['Dashboards', dashboards.find((item) => encodeURIComponent(item.uid) === id)?.title ?? id ?? ''];
  if (kind === 'explore') return ['Explore'];
  if (kind === 'connections') return ['Data sources', dataSources.find(({ url }) => url === pathname)?.name ?? ''];
  if (kind === 'plugins') return [apps.find((item) => item.id === id)?.name ?? id ?? '', 'Configuration'];
  const app = kind === 'a' ? apps.find((item) => item.id === id) : undefined;
  if (!app) return [];
  const page = [...app.pages].sort((a, b) => b.url.length - a.url.length).find((item) => pathname.startsWith(item.url));
  return page && page.name !== app.name ? [app.name, page.name] : [app.name];
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    position: 'sticky',
    top: 0,
    zIndex: theme.zIndex.navbarFixed,
    height: 40,
    flexShrink: 0,
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0, 2),
    background: theme.colors.background.primary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  crumbs: css({ display: 'flex', alignItems: 'center', flexGrow: 1, minWidth: 0, gap: theme.spacing(0.5) }),
  home: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    fontWeight: theme.typography.fontWeightMedium,
    whiteSpace: 'nowrap',
  }),
  crumb: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(0.5), minWidth: 0 }),
  text: css({ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  quiet: css({ color: theme.colors.text.secondary }),
});
