import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

/** Of a page with a table, px: uses a wide screen, and keeps a line within what an eye can follow. */
export const MAX_PAGE_WIDTH = 1800;

const cut = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'pre' } as const;

/** Of the pages' tables: an id of any length takes no more than its column, and shows whole as a title. */
export const getTableStyles = (theme: GrafanaTheme2) => ({
  note: css({ margin: theme.spacing(1, 0), color: theme.colors.text.secondary }),
  table: css({
    width: '100%',
    marginBottom: theme.spacing(1),
    '& th': {
      padding: theme.spacing(1),
      fontSize: theme.typography.bodySmall.fontSize,
      fontWeight: theme.typography.fontWeightMedium,
      color: theme.colors.text.secondary,
      borderBottom: `1px solid ${theme.colors.border.medium}`,
    },
    '& td': {
      padding: theme.spacing(1),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      whiteSpace: 'nowrap',
    },
  }),
  // Twice, so that it comes before what holds for all cells.
  id: css({ '&&': { maxWidth: theme.spacing(40), ...cut } }),
  text: css({ '&&': { maxWidth: theme.spacing(40), ...cut } }),
  quiet: css({ margin: 0, color: theme.colors.text.secondary }),
  link: css({ color: theme.colors.text.link, '&:hover': { textDecoration: 'underline' } }),
  scroll: css({ overflowX: 'auto' }),
  actions: css({ display: 'flex', justifyContent: 'flex-end', gap: theme.spacing(1) }),
  tools: css({ margin: theme.spacing(1, 0), maxWidth: theme.spacing(50) }),
});
