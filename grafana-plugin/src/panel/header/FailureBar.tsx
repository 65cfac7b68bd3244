import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { t } from '../../texts/t';
import { StatusIcon } from '../components/StatusIcon';
import { detailLine, errorLine } from '../detail-line';
import type { Failures } from '../layout/failures';
import type { Forest } from '../layout/forest';
import { namesTo } from '../layout/node-path';

/** Names of a path that fit beside the reason. */
const MOST_NAMES = 4;

interface Props {
  forest: Forest;
  failures: Failures;
  /** Shows the first failure. */
  onFirst: () => void;
  /** Shows the failure after the selected node. */
  onNext: () => void;
}

/** Where a flow failed first, and why. */
export function FailureBar({ forest, failures, onFirst, onNext }: Props) {
  const styles = useStyles2(getStyles);
  const node = forest.nodes.list[failures.firstIndex];
  if (node === undefined) return null;
  const path = [...namesTo(forest, failures.firstIndex, MOST_NAMES)].join(' › ');
  const detail = detailLine(node);
  return (
    <div className={styles.bar} data-testid="flow-first-failure">
      <button type="button" className={styles.first} onClick={onFirst}>
        <StatusIcon status="error" />
        <span className={styles.label}>{failures.count === 1 ? t('header.failure') : t('header.first-failure')}</span>
        <span className={styles.path}>
          {path} {detail}
        </span>
        <span className={styles.reason}>{errorLine(node)}</span>
      </button>
      {failures.count > 1 && (
        <button type="button" className={styles.next} aria-keyshortcuts="e" onClick={onNext}>
          <kbd className={styles.key}>e</kbd> {t('header.next-failure', { all: failures.count })}
        </button>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const button = {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: 0,
    border: 0,
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    whiteSpace: 'nowrap',
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
  } as const;
  return {
    bar: css({
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(2),
      minHeight: 28,
      flex: 'none',
      padding: theme.spacing(0, 1.5),
      fontSize: theme.typography.bodySmall.fontSize,
      color: theme.colors.text.primary,
      background: theme.colors.error.transparent,
      borderBottom: `1px solid ${theme.colors.error.border}`,
    }),
    first: css(button, { flex: 1, minWidth: 0, textAlign: 'left' }),
    label: css({ fontWeight: theme.typography.fontWeightMedium }),
    path: css({ flex: 'none', maxWidth: '60%', overflow: 'hidden', textOverflow: 'ellipsis' }),
    reason: css({ color: theme.colors.text.secondary, overflow: 'hidden', textOverflow: 'ellipsis' }),
    next: css(button, { flex: 'none', color: theme.colors.text.secondary }),
    key: css({
      padding: theme.spacing(0, 0.5),
      border: `1px solid ${theme.colors.border.medium}`,
      borderRadius: theme.shape.radius.default,
      fontFamily: theme.typography.fontFamilyMonospace,
      fontSize: 11,
    }),
  };
};
