import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';

export const getFilterStyles = (theme: GrafanaTheme2) => {
  const field = {
    height: 26,
    fontSize: 'inherit',
    color: theme.colors.text.primary,
    background: 'transparent',
    border: `1px solid ${theme.colors.border.medium}`,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
  } as const;
  return {
    form: css({
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(1.5),
      width: 'min(320px, 80vw)',
      fontSize: theme.typography.bodySmall.fontSize,
    }),
    group: css({ minWidth: 0, margin: 0, padding: 0, border: 0 }),
    legend: css({
      margin: theme.spacing(0, 0, 0.5),
      padding: 0,
      border: 0,
      fontSize: 'inherit',
      fontWeight: theme.typography.fontWeightMedium,
      color: theme.colors.text.primary,
    }),
    chips: css({
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(0.5),
      maxHeight: 160,
      padding: 2,
      overflowY: 'auto',
    }),
    chip: css(field, {
      display: 'inline-flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
      maxWidth: '100%',
      padding: theme.spacing(0, 1),
      borderRadius: theme.shape.radius.pill,
      '&:hover': { background: theme.colors.action.hover },
      "&[aria-pressed='true']": {
        color: theme.colors.primary.text,
        background: theme.colors.primary.transparent,
        borderColor: theme.colors.primary.border,
      },
    }),
    mark: css({ flex: 'none', width: 4, height: 12, borderRadius: 1 }),
    text: css({ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
    count: css({ flex: 'none', fontVariantNumeric: 'tabular-nums', color: theme.colors.text.secondary }),
    input: css(field, {
      width: '100%',
      padding: theme.spacing(0, 1),
      borderRadius: theme.shape.radius.default,
      background: theme.components.input.background,
      '&::placeholder': { color: theme.colors.text.secondary, opacity: 1 },
      "&[aria-invalid='true']": { borderColor: theme.colors.error.border },
    }),
    error: css({ display: 'block', minHeight: 18, paddingTop: 2, color: theme.colors.error.text }),
    reset: css(field, {
      alignSelf: 'flex-start',
      padding: theme.spacing(0, 1),
      borderRadius: theme.shape.radius.default,
      "&[aria-disabled='true']": { color: theme.colors.text.secondary, cursor: 'default' },
    }),
  };
};
