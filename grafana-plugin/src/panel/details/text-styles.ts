import type { GrafanaTheme2 } from '@grafana/data';

/** A button that reads as a link within text. */
export function textButton(theme: GrafanaTheme2) {
  return {
    padding: 0,
    border: 0,
    background: 'none',
    font: 'inherit',
    color: theme.colors.text.link,
    textAlign: 'left',
    cursor: 'pointer',
    '&:hover': { textDecoration: 'underline' },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
  } as const;
}

/** Text of the data: it wraps wherever it must, and its direction is its own. */
export const dataText = {
  minWidth: 0,
  whiteSpace: 'pre-wrap',
  overflowWrap: 'anywhere',
  unicodeBidi: 'plaintext',
} as const;

/** A copy button in a corner, seen where the pointer or the focus is, and always where there is no pointer. */
export function withCopyButton(theme: GrafanaTheme2) {
  return {
    '& [data-copy]': { opacity: 0 },
    '&:hover [data-copy], &:focus-within [data-copy], & [data-copy]:not([data-said=""])': { opacity: 1 },
    '@media (hover: none)': { '& [data-copy]': { opacity: 1 } },
    [theme.transitions.handleMotion('no-preference')]: { '& [data-copy]': { transition: 'opacity 100ms' } },
  } as const;
}
