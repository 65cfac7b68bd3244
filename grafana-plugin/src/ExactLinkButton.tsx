import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2, type IconName } from '@grafana/ui';
import React from 'react';

interface Props {
  /** Followed as it is. */
  href: string;
  icon?: IconName;
  /** Says it in full, where the text alone would stand many times on a page. */
  label?: string;
  children: string;
}

/**
 * A small link that looks like a button. Not Grafana's `LinkButton`, which decodes its address to look for scripts: a user
 * `#h?x&y=1` in it would become another one.
 */
export function ExactLinkButton({ href, icon, label, children }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <a className={styles} href={href} aria-label={label}>
      {icon !== undefined && <Icon name={icon} size="sm" />}
      {children}
    </a>
  );
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    height: theme.spacing(theme.components.height.sm),
    padding: theme.spacing(0, 1),
    borderRadius: theme.shape.radius.default,
    fontSize: theme.typography.size.sm,
    fontWeight: theme.typography.fontWeightMedium,
    whiteSpace: 'nowrap',
    color: theme.colors.secondary.text,
    background: theme.colors.secondary.main,
    '&:hover': { background: theme.colors.secondary.shade },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 2 },
  });
