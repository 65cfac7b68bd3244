import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { ROW_PX } from './use-row-window';

const DIMMED = 0.65;
const DIMMED_COLOR = 0.3;

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
    // What is not looked for is dimmed as far as its text stays readable.
    "&[data-match='false'] > *": { opacity: DIMMED },
    "&[data-match='false'] span": { color: `${theme.colors.text.primary} !important` },
    "&[data-match='false'] [data-dims]": { opacity: DIMMED_COLOR },
    "&[data-match='true']": { boxShadow: `inset 2px 0 ${theme.colors.warning.main}` },
    "&[data-match='true'][aria-selected='true']": {
      boxShadow: `inset 2px 0 ${theme.colors.primary.main}, inset 5px 0 ${theme.colors.warning.main}`,
    },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
  }),
});
