import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Combobox, IconButton, useStyles2 } from '@grafana/ui';
import React, { useId, useMemo } from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import { useLooks } from '../components/looks-context';
import { flowStatusText, formatCount } from '../format';
import type { Looks } from '../looks';
import { clockTime } from '../time-format';
import { isMoreThanChance, signedDuration, type Tone } from './difference';
import type { Totals } from './totals';

interface Props {
  flow: PanelFlow;
  /** Null when it is not in the data. */
  other: PanelFlow | null;
  /** Whom it can be compared with, likeliest first. */
  others: readonly PanelFlow[];
  /** Of this flow and of the other; null when there is nothing to compare. */
  totals: readonly [Totals, Totals] | null;
  /** How many rows differ. */
  differences: number;
  onlyDifferent: boolean;
  compact: boolean;
  timeZone: string;
  onOnlyDifferent: (only: boolean) => void;
  onOther: (flowId: string) => void;
  onSwap: () => void;
  onClose: () => void;
}

function optionOf(
  flow: PanelFlow,
  timeZone: string,
  looks: Looks,
): { value: string; label: string; description: string } {
  const time = clockTime(flow.startedTs, timeZone);
  const duration = flow.durationMs === null ? looks.noDuration : looks.duration(flow.durationMs);
  return {
    value: flow.id,
    label: `${time} · ${duration} · ${flowStatusText(flow.status)}`,
    description: flow.name || t('common.unnamed-flow'),
  };
}

/** Which flows are compared, what they come to in all, and how the rows are shown. */
export function CompareHeader(props: Props) {
  const { flow, other, others, totals, differences, onlyDifferent, compact, timeZone } = props;
  const styles = useStyles2(getStyles);
  const looks = useLooks();
  // Grafana 12's Combobox takes no label but by its id.
  const otherId = useId();
  const options = useMemo(
    () => others.map((candidate) => optionOf(candidate, timeZone, looks)),
    [others, timeZone, looks],
  );
  return (
    <div className={styles.header} data-testid="compare-header">
      <div className={styles.line}>
        {!compact && (
          <span className={styles.title}>
            {t('compare.title', { flow: flow.name || t('common.unnamed-flow') })}{' '}
            <span className={styles.detail}>{optionOf(flow, timeZone, looks).label}</span>
          </span>
        )}
        <span className={styles.with}>
          {!compact && <span className={styles.detail}>{t('compare.with')}</span>}
          <label htmlFor={otherId} className={styles.unseen}>
            {t('compare.other-flow')}
          </label>
          <Combobox
            id={otherId}
            options={options}
            value={other === null ? null : optionOf(other, timeZone, looks)}
            onChange={(option) => props.onOther(option.value)}
            placeholder={t('compare.another-flow')}
            width={compact ? 16 : 32}
          />
        </span>
        <span className={styles.space} />
        <Button size="sm" variant="secondary" fill="outline" disabled={other === null} onClick={props.onSwap}>
          {t('compare.swap')}
        </Button>
        {!compact && (
          <Button
            size="sm"
            variant="secondary"
            fill={onlyDifferent ? 'solid' : 'outline'}
            aria-pressed={onlyDifferent}
            onClick={() => props.onOnlyDifferent(!onlyDifferent)}
          >
            {t('compare.only-differences')}
          </Button>
        )}
        <IconButton
          name="times"
          aria-label={t('compare.end')}
          tooltip={t('compare.end-by-key')}
          onClick={props.onClose}
        />
      </div>
      {!compact && totals !== null && (
        <div className={styles.totals} data-testid="compare-totals">
          <DurationTotal totals={totals} />
          <Total
            name={t('compare.checkpoints')}
            own={totals[0].checkpoints}
            other={totals[1].checkpoints}
            isBad={false}
          />
          <Total name={t('compare.failures')} own={totals[0].failures} other={totals[1].failures} isBad />
          {totals[0].tokens !== null && totals[1].tokens !== null && (
            <Total name={t('compare.tokens')} own={totals[0].tokens} other={totals[1].tokens} isBad={false} />
          )}
          <span className={styles.count}>
            {differences === 0 ? t('compare.no-differences') : t('compare.differences', { count: differences })}
          </span>
        </div>
      )}
    </div>
  );
}

function DurationTotal({ totals: [own, other] }: { totals: readonly [Totals, Totals] }) {
  const styles = useStyles2(getStyles);
  const { duration } = useLooks();
  if (own.durationMs === null || other.durationMs === null) return null;
  const byMs = own.durationMs - other.durationMs;
  const tone: Tone = !isMoreThanChance(byMs, other.durationMs) ? 'none' : byMs > 0 ? 'worse' : 'better';
  return (
    <span>
      {t('compare.duration')}{' '}
      <span className={styles.number} data-tone={tone}>
        {duration(own.durationMs)} {signedDuration(byMs, duration)}
      </span>
    </span>
  );
}

/** @param isBad whether more of it is worse */
function Total({ name, own, other, isBad }: { name: string; own: number; other: number; isBad: boolean }) {
  const styles = useStyles2(getStyles);
  const by = own - other;
  const tone: Tone = by === 0 ? 'none' : !isBad ? 'shape' : by > 0 ? 'worse' : 'better';
  const signed = by === 0 ? '' : ` ${by > 0 ? '+' : '−'}${formatCount(Math.abs(by))}`;
  return (
    <span>
      {name}{' '}
      <span className={styles.number} data-tone={tone}>
        {formatCount(own)}
        {signed}
      </span>
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  header: css({
    flex: 'none',
    fontSize: theme.typography.bodySmall.fontSize,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  line: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0.5, 1),
    whiteSpace: 'nowrap',
  }),
  title: css({
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    fontWeight: theme.typography.fontWeightMedium,
  }),
  detail: css({ color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular }),
  with: css({ position: 'relative', display: 'flex', alignItems: 'center', gap: theme.spacing(1), minWidth: 0 }),
  unseen: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }),
  space: css({ flex: 1 }),
  totals: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0, 2),
    padding: theme.spacing(0, 1, 0.5),
    color: theme.colors.text.secondary,
  }),
  number: css({
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 11.5,
    color: theme.colors.text.primary,
    "&[data-tone='worse']": { color: theme.colors.error.text },
    "&[data-tone='better']": { color: theme.colors.success.text },
    "&[data-tone='shape']": { color: theme.colors.primary.text },
  }),
  count: css({ marginLeft: 'auto' }),
});
