import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { UsageTotals } from '../../frames/usage-tally';
import { useClockOffset, useFrozenTs, useShownTs } from '../components/clock-context';
import { useFigures } from '../components/figures-context';
import { useLooks } from '../components/looks-context';
import { plural } from '../format';
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
  const of = `Cost of ${plural(calls - unpriced, 'model call')}, by the prices of the datasource.`;
  return unpriced === 0 ? of : `${of} ${plural(unpriced, 'other call')} without a price.`;
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
          {`${slowCount.toLocaleString('en')} slow`}
        </span>
      )}
      {calls > 0 && (
        <span
          className={styles.figure}
          title={`${input.toLocaleString('en')} in, ${output.toLocaleString('en')} out`}
          data-testid="flow-tokens"
        >
          {plural(input + output, 'token')}
        </span>
      )}
      {cost !== null && (
        <span className={styles.figure} title={costTitle(totals)} data-testid="flow-cost">
          {formatCost(cost, currency)}
        </span>
      )}
      {firstChunkTs !== null && (
        <span
          className={styles.figure}
          title="From the begin of the flow to the first chunk of an answer"
          data-testid="flow-first-chunk"
        >
          {`first chunk after ${duration(firstChunkTs - flowStartedTs)}`}
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
