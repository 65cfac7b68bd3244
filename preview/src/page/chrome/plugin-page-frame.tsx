import { css } from '@emotion/css';
import { PageLayoutType, type GrafanaTheme2 } from '@grafana/data';
import { config, type PluginPageProps } from '@grafana/runtime';
import { useStyles2 } from '@grafana/ui';
import { useLocation } from 'react-router-dom';
import { useDocumentTitle } from './use-document-title';

/** What `PluginPage` of @grafana/runtime draws around an app's page: title, subtitle, actions, padding. */
export function PluginPageFrame({ children, pageNav, actions, info, layout, subTitle, renderTitle }: PluginPageProps) {
  const styles = useStyles2(getStyles);
  const title = pageNav?.text ?? useNameFromManifest();
  useDocumentTitle(title);
  if (layout === PageLayoutType.Custom) return <main className={styles.custom}>{children}</main>;
  return (
    <main className={layout === PageLayoutType.Canvas ? styles.custom : styles.page}>
      <div className={styles.header}>
        <div className={styles.titles}>
          {renderTitle ? renderTitle(title) : <h1 className={styles.title}>{title}</h1>}
          {(subTitle ?? pageNav?.subTitle) ? <div className={styles.quiet}>{subTitle ?? pageNav?.subTitle}</div> : null}
        </div>
        {info?.map(({ label, value }) => (
          <div key={label}>
            <div className={styles.quiet}>{label}</div>
            {value}
          </div>
        ))}
        <div className={styles.actions}>{actions}</div>
      </div>
      {children}
    </main>
  );
}

/** The name that the app's plugin.json gives to the page at this address. */
function useNameFromManifest(): string {
  const { pathname } = useLocation();
  const app = window.previewCatalogue.apps.find((item) => pathname.startsWith(`/a/${item.id}`));
  const pages = [...(app?.pages ?? [])].sort((a, b) => b.url.length - a.url.length);
  return pages.find((page) => pathname.startsWith(page.url))?.name ?? app?.name ?? config.windowTitlePrefix;
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({
    flexGrow: 1,
    padding: theme.spacing(3, 4, 4),
    background: theme.colors.background.primary,
    [theme.breakpoints.down('md')]: { padding: theme.spacing(2) },
  }),
  custom: css({ flexGrow: 1, padding: theme.spacing(2) }),
  header: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    gap: theme.spacing(2),
    marginBottom: theme.spacing(2),
  }),
  titles: css({ flexGrow: 1, minWidth: 0 }),
  title: css({ ...theme.typography.h2, margin: 0 }),
  quiet: css({ color: theme.colors.text.secondary }),
  actions: css({ display: 'flex', gap: theme.spacing(1) }),
});
