import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { t } from '../../../texts/t';
import { StatusIcon } from '../../components/StatusIcon';
import { detailLine } from '../../detail-line';
import { foldAgainText, groupTitle } from '../../group-text';
import { groupStatus } from '../../layout/fold-group';
import type { RowPlace } from './row-place';

interface Props extends Pick<RowPlace, 'node' | 'depth' | 'isParent' | 'isOpen' | 'isPassedOn' | 'group' | 'foldable'> {
  /** Of the column, px. */
  widthPx: number;
  color: string;
}

/** Deeper rows are indented no further, and say how deep they are: names must not be pushed out of sight. */
const MAX_INDENTS = 8;
const INDENT_PX = 14;
/** At most this share of the column is indent. */
const INDENT_SHARE = 0.35;
/** In a narrower column the name has all of the room. */
const DETAIL_FROM_PX = 170;

/** Toggle, colour, status, name and one line about a node, indented below its parent. */
export function RowLabel(props: Props) {
  const { node, depth, isParent, isOpen, isPassedOn, group, foldable, widthPx, color } = props;
  const styles = useStyles2(getStyles);
  const indentPx = Math.min(INDENT_PX, (widthPx * INDENT_SHARE) / MAX_INDENTS);
  const name = group === null ? node.checkpoint : groupTitle(group);
  const detail = group === null ? detailLine(node) : group.name;
  return (
    <span
      role="gridcell"
      className={styles.label}
      style={{ width: widthPx, paddingLeft: 4 + Math.min(depth, MAX_INDENTS) * indentPx }}
      title={detail === '' ? name : `${name} · ${detail}`}
    >
      <span className={styles.toggle} data-toggle={isParent ? '' : undefined} data-open={isOpen} aria-hidden="true">
        {isParent && (
          <svg viewBox="0 0 10 10" width="10" height="10">
            <path d="M3.5 2l3 3-3 3" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
          </svg>
        )}
      </span>
      {depth > MAX_INDENTS && (
        <span className={styles.depth} title={t('views.level', { level: depth })}>
          {depth}
        </span>
      )}
      <span className={styles.mark} data-stack={group !== null} style={{ background: color, color }} data-dims />
      <span className={styles.status} data-passed-on={isPassedOn} data-dims>
        <StatusIcon status={group === null ? node.status : groupStatus(group)} color={color} />
      </span>
      <span className={styles.name}>{name}</span>
      {widthPx >= DETAIL_FROM_PX && <span className={styles.detail}>{detail}</span>}
      {foldable > 0 && (
        <span className={styles.fold} data-fold="" title={foldAgainText(foldable)} aria-hidden="true">
          {t('group.fold', { number: foldable })}
        </span>
      )}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  label: css({
    display: 'flex',
    alignItems: 'center',
    flex: 'none',
    gap: 5,
    height: '100%',
    paddingRight: 8,
    overflow: 'hidden',
    whiteSpace: 'nowrap',
    fontSize: 12.5,
  }),
  toggle: css({
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    flex: 'none',
    width: 14,
    height: '100%',
    color: theme.colors.text.secondary,
    '&[data-toggle]': { cursor: 'pointer' },
    '&[data-toggle]:hover': { color: theme.colors.text.primary },
    "&[data-open='true'] svg": { transform: 'rotate(90deg)' },
  }),
  depth: css({
    flex: 'none',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 11,
    color: theme.colors.text.secondary,
  }),
  mark: css({
    flex: 'none',
    width: 3,
    height: 14,
    borderRadius: 1,
    // A stack: one behind the other.
    "&[data-stack='true']": { boxShadow: '3px 1px 0 -0.5px currentColor, 6px 2px 0 -1px currentColor', marginRight: 6 },
  }),
  fold: css({
    flex: 'none',
    padding: '0 5px',
    lineHeight: '16px',
    borderRadius: 8,
    border: `1px solid ${theme.colors.border.medium}`,
    fontSize: 11,
    color: theme.colors.text.secondary,
    '&:hover': { color: theme.colors.text.primary, background: theme.colors.action.hover },
  }),
  status: css({
    display: 'flex',
    flex: 'none',
    // What only passed a failure on is no failure of its own.
    "&[data-passed-on='true']": { filter: 'grayscale(1)', opacity: 0.8 },
  }),
  name: css({ flex: '0 1 auto', minWidth: 20, overflow: 'hidden', textOverflow: 'ellipsis' }),
  detail: css({
    flex: '1 1000 0',
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    fontSize: 11,
    color: theme.colors.text.secondary,
  }),
});
