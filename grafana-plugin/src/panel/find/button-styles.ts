import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

/** Buttons of the header that find and fold. */
export const getButtonStyles = (theme: GrafanaTheme2) => ({
  button: css({
    display: 'inline-flex',
    alignItems: 'center',
    flex: 'none',
    gap: theme.spacing(0.5),
    height: 24,
    padding: theme.spacing(0, 1),
    fontSize: 'inherit',
    whiteSpace: 'nowrap',
    color: theme.colors.text.secondary,
    background: 'transparent',
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    '&:hover': { background: theme.colors.action.hover, color: theme.colors.text.primary },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
    "&[aria-pressed='true'], &[data-active='true']": {
      color: theme.colors.primary.text,
      borderColor: theme.colors.primary.borderTransparent,
      background: theme.colors.primary.transparent,
    },
    "&[aria-disabled='true']": { cursor: 'not-allowed', opacity: 0.65 },
  }),
  key: css({
    padding: theme.spacing(0, 0.5),
    lineHeight: '14px',
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 11,
  }),
});
