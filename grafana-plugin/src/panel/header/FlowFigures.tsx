import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { UsageTotals } from '../../frames/usage-tally';
import { t } from '../../texts/t';
import { useClockOffset, useFrozenTs, useShownTs } from '../components/clock-context';
import { useFigures } from '../components/figures-context';
import { useLooks } from '../components/looks-context';
import { formatCost } from '../format-usage';
import type { SlowNodes } from '../layout/slow-nodes';
import { SLOW_SIGN } from '../slow-text';
import { useTicked } from '../ticker';

interface Props {
  /** Epoch ms. */
  flowStartedTs: number;
  slow: SlowNodes;
  totals: UsageTotals;
}

function costTitle({ calls, unpriced }: UsageTotals): string {
  const priced = t('header.cost', { count: calls - unpriced });
  return unpriced === 0 ? priced : `${priced} ${t('header.unpriced', { count: unpriced })}`;
}

/** How many checkpoints of the flow are slow, and what its model calls took. */
export function FlowFigures({ flowStartedTs, slow, totals }: Props) {
  const styles = useStyles2(getStyles);
  const { currency } = useFigures();
  const { duration } = useLooks();
  const offsetMs = useClockOffset();
  const frozenTs = useFrozenTs();
  const shownTs = useShownTs();
  const slowCount = useTicked(slow.hasRunning && frozenTs === null ? 'fast' : 'idle', (nowTs) =>
    slow.countAt((frozenTs ?? shownTs(nowTs)) - offsetMs),
  );
  const { calls, input, output, cost, firstChunkTs } = totals;
  return (
    <>
      {slowCount > 0 && (
        <span className={styles.slow} data-testid="flow-slow-count">
          <span aria-hidden="true">{SLOW_SIGN} </span>
          {t('header.slow', { number: slowCount })}
        </span>
      )}
      {calls > 0 && (
        <span
          className={styles.figure}
          title={t('header.tokens-in-and-out', { input, output })}
          data-testid="flow-tokens"
        >
          {t('header.tokens', { count: input + output })}
        </span>
      )}
      {cost !== null && (
        <span className={styles.figure} title={costTitle(totals)} data-testid="flow-cost">
          {formatCost(cost, currency)}
        </span>
      )}
      {firstChunkTs !== null && (
        <span className={styles.figure} title={t('header.first-chunk-in-full')} data-testid="flow-first-chunk">
          {t('header.first-chunk', { duration: duration(firstChunkTs - flowStartedTs) })}
        </span>
      )}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  slow: css({ color: theme.colors.warning.text }),
  figure: css({
    color: theme.colors.text.secondary,
    // As wide as the one within the text before it.
    '&::before': { content: '"·"', margin: theme.spacing(0, 0.5, 0, -0.5) },
  }),
});
