import type { JsonValue } from '@flow-tracking/protocol';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React, { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { t } from '../../texts/t';
import { toJson } from '../to-json';
import type { JsonParent } from './attribute-value';
import { CopyButton } from './CopyButton';
import { jsonKey } from './json-keys';
import { PAGE, parentText, type JsonRow } from './json-rows';
import { LongText } from './LongText';
import { textButton, withCopyButton } from './text-styles';
import { useJsonFolding } from './use-json-folding';

/** Deeper lines are not moved further to the right. */
const MOST_INDENTS = 8;

interface Props {
  /** What it is, for screen readers. */
  label: string;
  value: JsonParent;
}

function copyOf(value: JsonValue): string {
  return typeof value === 'string' ? value : toJson(value);
}

/** JSON as a tree that folds: one tab stop, walked by arrow keys; only what is open is rendered. */
export function JsonTree({ label, value }: Props) {
  const styles = useStyles2(getStyles);
  const tree = useRef<HTMLDivElement>(null);
  const { rows, setOpen, showMore } = useJsonFolding(value);
  const [activePath, setActivePath] = useState('');
  const wantsFocus = useRef(false);
  const active = Math.max(
    0,
    rows.findIndex(({ path }) => path === activePath),
  );
  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    tree.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[active]?.focus();
  });

  const press = (row: JsonRow): void => {
    if (row.kind === 'more') showMore(row);
    else if (row.count > 0) setOpen(row.path, !row.isOpen);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target as Element).matches('[role="treeitem"]'))
      return;
    const row = rows[active];
    const action = jsonKey(event.key, rows, active);
    if (action === null || row === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    wantsFocus.current = true;
    if (action.kind === 'focus') setActivePath(rows[action.row]?.path ?? '');
    else if (action.kind === 'press') press(row);
    else setOpen(row.path, action.kind === 'open');
  };

  if (rows.length === 0) return <span className={styles.none}>{parentText(value, 0)}</span>;
  return (
    <div ref={tree} role="tree" aria-label={label} className={styles.tree} onKeyDown={onKeyDown}>
      {rows.map((row, i) => (
        <div
          key={row.path}
          role="treeitem"
          aria-level={row.level}
          aria-expanded={row.kind === 'parent' && row.count > 0 ? row.isOpen : undefined}
          aria-selected={i === active}
          tabIndex={i === active ? 0 : -1}
          className={styles.row}
          data-folds={row.kind === 'parent' && row.count > 0}
          style={{ paddingLeft: 12 * Math.min(row.level - 1, MOST_INDENTS) }}
          onFocus={() => setActivePath(row.path)}
          onClick={() => row.kind === 'parent' && press(row)}
        >
          <RowText row={row} isActive={i === active} onMore={() => showMore(row)} />
        </div>
      ))}
    </div>
  );
}

function RowText({ row, isActive, onMore }: { row: JsonRow; isActive: boolean; onMore: () => void }) {
  const styles = useStyles2(getStyles);
  const { kind, name, value, count, isOpen } = row;
  if (kind === 'more') {
    return (
      <button type="button" className={styles.more} tabIndex={-1} onClick={onMore}>
        {t('details.show-more', { number: Math.min(PAGE, count), all: count })}
      </button>
    );
  }
  const folds = kind === 'parent' && count > 0;
  return (
    <>
      <span className={styles.mark}>{folds && <Icon name={isOpen ? 'angle-down' : 'angle-right'} size="sm" />}</span>
      <span className={styles.name}>{name === '' ? '""' : name}</span>
      {kind === 'parent' ? (
        <span className={styles.none}>{parentText(value as JsonParent, count)}</span>
      ) : (
        <Leaf value={value} />
      )}
      <CopyButton
        label={t('details.copy', { what: name })}
        getText={() => copyOf(value)}
        tabIndex={isActive ? 0 : -1}
      />
    </>
  );
}

function Leaf({ value }: { value: JsonValue }) {
  const styles = useStyles2(getStyles);
  if (typeof value === 'string') {
    return (
      <span className={styles.string}>
        {value === '' ? <span className={styles.none}>{t('details.empty')}</span> : <LongText text={value} />}
      </span>
    );
  }
  // As it is: this is JSON, which is read to be compared with code.
  return <span className={value === null ? styles.none : styles.plain}>{JSON.stringify(value)}</span>;
}

const getStyles = (theme: GrafanaTheme2) => ({
  tree: css({ fontFamily: theme.typography.fontFamilyMonospace, fontSize: 11.5, lineHeight: 1.5, minWidth: 0 }),
  row: css(withCopyButton(theme), {
    display: 'flex',
    alignItems: 'flex-start',
    gap: theme.spacing(0.5),
    minHeight: 20,
    borderRadius: theme.shape.radius.default,
    "&[data-folds='true']": { cursor: 'pointer' },
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
  }),
  mark: css({ flex: 'none', width: 14, color: theme.colors.text.secondary }),
  name: css({
    flex: '0 1 auto',
    minWidth: 0,
    maxWidth: '50%',
    overflowWrap: 'anywhere',
    color: theme.colors.text.secondary,
    '&::after': { content: '":"' },
  }),
  string: css({ flex: 1, minWidth: 0, color: theme.colors.text.primary }),
  plain: css({ flex: 1, minWidth: 0, color: theme.colors.info.text, overflowWrap: 'anywhere' }),
  none: css({ flex: 1, minWidth: 0, color: theme.colors.text.secondary, fontStyle: 'italic' }),
  more: css(textButton(theme), { marginLeft: 18 }),
});
