import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { IconButton, useStyles2 } from '@grafana/ui';
import React from 'react';
import { t } from '../../texts/t';
import { NARROW_HEADER } from '../header/narrow';
import { matchText } from './match-text';
import type { Find } from './use-find';

/** How many nodes match, and buttons to go through them. */
export function MatchSteps({ find }: { find: Find }) {
  const styles = useStyles2(getStyles);
  const { matches, rank, steps } = find;
  const none = matches.count === 0;
  return (
    <span className={styles.steps}>
      <span className={styles.count} role="status" data-testid="flow-match-count">
        {matchText(matches, rank)}
      </span>
      <IconButton
        name="angle-up"
        size="md"
        tooltip={t('find.previous-by-key')}
        aria-label={t('find.previous')}
        disabled={none}
        onClick={() => steps.toMatch(-1)}
      />
      <IconButton
        name="angle-down"
        size="md"
        tooltip={t('find.next-by-key')}
        aria-label={t('find.next')}
        disabled={none}
        onClick={() => steps.toMatch(1)}
      />
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  steps: css({
    display: 'inline-flex',
    alignItems: 'center',
    flex: 'none',
    '& button': { margin: 0, [NARROW_HEADER]: { display: 'none' } },
  }),
  count: css({
    marginRight: theme.spacing(0.5),
    whiteSpace: 'nowrap',
    fontVariantNumeric: 'tabular-nums',
    color: theme.colors.text.secondary,
  }),
});
