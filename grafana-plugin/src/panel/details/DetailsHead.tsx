import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { IconButton, useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';
import type { PanelNode } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import { statusColor } from '../colors';
import { useLooks } from '../components/looks-context';
import { StatusIcon } from '../components/StatusIcon';
import { flowStatusText } from '../format';
import { CopyButton } from './CopyButton';

interface Props {
  node: PanelNode;
  /** The names of the nodes above it, ` › ` between them; empty for a root. */
  above: string;
  /** The details lie over the view: the way back comes first. */
  isOver: boolean;
  getJson: () => string;
  onClose: () => void;
}

/** Whose details these are, and how it stands. */
export function DetailsHead({ node, above, isOver, getJson, onClose }: Props) {
  const theme = useTheme2();
  const looks = useLooks();
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.head}>
      {isOver && (
        <IconButton name="arrow-left" aria-label={t('details.back')} tooltip={t('details.back')} onClick={onClose} />
      )}
      <span className={styles.bar} style={{ background: looks.color(theme, node.checkpoint) }} />
      <div className={styles.names}>
        {above !== '' && (
          <div className={styles.above} title={above}>
            {t('details.in', { names: above })}
          </div>
        )}
        <h4 className={styles.name}>{node.checkpoint || t('details.unnamed')}</h4>
      </div>
      <span className={styles.status}>
        <StatusIcon status={node.status} />
        <span
          aria-hidden="true"
          style={{ color: node.status === 'error' ? statusColor(theme, node.status) : undefined }}
        >
          {flowStatusText(node.status)}
        </span>
      </span>
      <CopyButton label={t('details.copy-json')} getText={getJson} />
      {!isOver && (
        <IconButton name="times" aria-label={t('details.close')} tooltip={t('details.close-short')} onClick={onClose} />
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  head: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    flex: 'none',
    padding: theme.spacing(0.75, 1, 0.75, 1.5),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    '& > button': { flex: 'none', margin: 0 },
  }),
  bar: css({ width: 4, alignSelf: 'stretch', minHeight: 18, borderRadius: 2, flex: 'none' }),
  names: css({ flex: 1, minWidth: 0 }),
  above: css({
    fontSize: 11,
    lineHeight: 1.2,
    color: theme.colors.text.secondary,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
  name: css({
    margin: 0,
    fontSize: theme.typography.body.fontSize,
    lineHeight: 1.25,
    overflowWrap: 'anywhere',
    unicodeBidi: 'plaintext',
    display: '-webkit-box',
    WebkitBoxOrient: 'vertical',
    WebkitLineClamp: 3,
    overflow: 'hidden',
  }),
  status: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    flex: 'none',
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.secondary,
  }),
});
