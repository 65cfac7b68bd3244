import { dateTimeFormat } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { useTicked } from '../../../panel/ticker';
import { t } from '../../../texts/t';
import { getTableStyles } from '../../table-styles';
import { SILENT_AFTER_MS } from './bridge-clock';

interface Props {
  /** Flows of the answer. */
  count: number;
  /** Those of them that are shown. */
  shown: number;
  /** More run than the answer has. */
  hasMore: boolean;
  /** When the answer came, by the browser's clock, epoch ms. */
  answeredTs: number;
}

/** How many run and are shown, and since when the bridge has said nothing where that is too long. */
export function RunningCount({ count, shown, hasMore, answeredTs }: Props) {
  const styles = useStyles2(getTableStyles);
  const silent = useTicked('calm', (nowTs) => (nowTs - answeredTs > SILENT_AFTER_MS ? 'silent' : ''));
  const parts = [
    ...(count > 0 ? [hasMore ? t('app.running.more', { count }) : t('app.running.count', { count })] : []),
    ...(shown < count ? [t('app.running.found', { shown, count })] : []),
    ...(silent === '' ? [] : [t('app.running.silent', { time: dateTimeFormat(answeredTs) })]),
  ];
  if (parts.length === 0) return null;
  return (
    <p className={styles.quiet} data-testid="running-count">
      {parts.join(' · ')}
    </p>
  );
}
