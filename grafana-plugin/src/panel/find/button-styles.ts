import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { headerButton } from '../header/header-button';

/** Buttons of the header that find and fold. */
export const getButtonStyles = (theme: GrafanaTheme2) => ({
  button: css({
    ...headerButton(theme),
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
