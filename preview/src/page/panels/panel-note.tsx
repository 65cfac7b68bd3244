import { css } from '@emotion/css';
import type { FieldConfigSource, GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { ReactNode } from 'react';

/** A quiet line in the middle of a panel: no data, or not in the preview. */
export function PanelNote({ children }: { children: ReactNode }) {
  return <div className={useStyles2(getStyles)}>{children}</div>;
}

/** What the panel says when there is nothing to show. */
export function NoData({ fieldConfig }: { fieldConfig: FieldConfigSource }) {
  return <PanelNote>{fieldConfig.defaults.noValue ?? 'No data'}</PanelNote>;
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    height: '100%',
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    textAlign: 'center',
    padding: theme.spacing(1),
    color: theme.colors.text.secondary,
  });
