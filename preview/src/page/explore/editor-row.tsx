import { css } from '@emotion/css';
import { DataSourcePluginContextProvider, type GrafanaTheme2 } from '@grafana/data';
import { ErrorBoundaryAlert, useStyles2 } from '@grafana/ui';
import type { ReactNode } from 'react';
import type { LoadedDataSource } from './use-data-source';

interface Props {
  title: string;
  settings: LoadedDataSource['settings'];
  children: ReactNode;
}

/** The row in which Grafana shows an editor: what it is called, and below that what the plugin draws. */
export function EditorRow({ title, settings, children }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <section className={styles.row} aria-label={`Editor ${title}`}>
      <div className={styles.header}>
        <span className={styles.title}>{title}</span>
        <span className={styles.quiet}>({settings.name})</span>
      </div>
      <div className={styles.body}>
        <ErrorBoundaryAlert key={settings.uid}>
          <DataSourcePluginContextProvider instanceSettings={settings}>{children}</DataSourcePluginContextProvider>
        </ErrorBoundaryAlert>
      </div>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  row: css({ background: theme.colors.background.primary, borderRadius: theme.shape.radius.default }),
  header: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    height: theme.spacing(4),
    padding: theme.spacing(0, 1),
    background: theme.colors.background.secondary,
    borderRadius: theme.shape.radius.default,
  }),
  title: css({ fontWeight: theme.typography.fontWeightMedium, color: theme.colors.text.link }),
  quiet: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  body: css({ padding: theme.spacing(1) }),
});
