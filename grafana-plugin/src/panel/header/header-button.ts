import type { GrafanaTheme2 } from '@grafana/data';

/** What all buttons of the header look like before they are pressed. */
export const headerButton = (theme: GrafanaTheme2) =>
  ({
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
  }) as const;
