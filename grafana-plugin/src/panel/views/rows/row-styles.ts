import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { ROW_PX } from './use-row-window';

/** What rows of timeline and outline have in common. */
export const getRowStyles = (theme: GrafanaTheme2) => ({
  scroller: css({
    position: 'relative',
    flex: 1,
    minHeight: 0,
    minWidth: 0,
    overflowX: 'hidden',
    overflowY: 'auto',
    // Rows that arrive above must not make the browser scroll by itself.
    overflowAnchor: 'none',
  }),
  row: css({
    position: 'absolute',
    left: 0,
    right: 0,
    top: 0,
    display: 'flex',
    alignItems: 'center',
    height: ROW_PX,
    overflow: 'hidden',
    cursor: 'pointer',
    color: theme.colors.text.primary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    contain: 'strict',
    // Fainter than Grafana's, on which grey and red text would lack contrast.
    '&:hover': { background: theme.colors.emphasize(theme.colors.background.primary, 0.03) },
    "&[aria-selected='true']": {
      background: theme.colors.emphasize(theme.colors.background.primary, 0.05),
      boxShadow: `inset 2px 0 ${theme.colors.primary.main}`,
    },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
  }),
});
