import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { t } from '../../texts/t';
import { headerButton } from './header-button';
import { NARROW_HEADER } from './narrow';

interface Props {
  following: boolean;
  /** Only the dot. */
  compact: boolean;
  onToggle: () => void;
}

/** Whether the newest flow and its newest checkpoint are followed: a filled dot while they are. */
export function FollowButton({ following, compact, onToggle }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <button
      type="button"
      className={styles.button}
      title={following ? t('header.following') : t('header.follow-newest')}
      aria-label={t('header.follow')}
      aria-pressed={following}
      aria-keyshortcuts="l"
      data-testid="flow-follow"
      onClick={onToggle}
    >
      {!compact && <span className={styles.text}>{t('header.follow')}</span>}
      <span className={styles.dot} />
    </button>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  button: css({
    ...headerButton(theme),
    gap: theme.spacing(0.75),
    "&[aria-pressed='true']": {
      color: theme.colors.text.primary,
      borderColor: theme.colors.primary.borderTransparent,
      background: theme.colors.primary.transparent,
      '& > span:last-child': { color: theme.colors.primary.text, background: 'currentColor' },
    },
  }),
  text: css({ [NARROW_HEADER]: { display: 'none' } }),
  dot: css({
    width: 8,
    height: 8,
    border: '1.5px solid currentColor',
    borderRadius: theme.shape.radius.circle,
  }),
});
