import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { PanelFlow } from '../../frames/panel-flow';
import { t } from '../../texts/t';
import { createFailures, type Failures } from '../layout/failures';
import { createForest, type Forest } from '../layout/forest';
import { useGrown } from '../use-grown';
import { CompareHeader } from './CompareHeader';
import { CompareRows } from './CompareRows';
import { isLoaded, othersOf } from './other-flow';
import { useTotals } from './use-totals';

export interface CompareProps {
  readonly flow: PanelFlow;
  readonly forest: Forest;
  readonly failures: Failures;
  /** Null when it is not in the data. */
  readonly other: PanelFlow | null;
  readonly flows: readonly PanelFlow[];
  readonly selectedId: string | null;
  readonly compact: boolean;
  readonly timeZone: string;
  /** It takes the place of a view that had the focus. */
  readonly takesFocus: boolean;
  readonly onSelect: (nodeId: string) => void;
  readonly onOther: (flowId: string) => void;
  readonly onSwap: () => void;
  readonly onClose: () => void;
}

/** Two flows, one above the other in each row, matched by path. It stands in the place of the flow's view. */
export function CompareView(props: CompareProps) {
  const { flow, forest, failures, other, takesFocus } = props;
  const view = useRef<HTMLDivElement>(null);
  const styles = useStyles2(getStyles);
  const otherForest = useGrown(other?.nodes, createForest);
  const otherFailures = useGrown(other?.nodes, createFailures);
  const others = useMemo(() => othersOf(flow, props.flows), [flow, props.flows]);
  const [onlyDifferent, setOnlyDifferent] = useState(false);
  const [differences, setDifferences] = useState(0);
  const isReady = other !== null && otherForest !== null && otherFailures !== null && isLoaded(other) && isLoaded(flow);
  const totals = useTotals(flow, failures);
  const otherTotals = useTotals(other, otherFailures);
  // Its rows take the focus over as soon as they are there.
  useLayoutEffect(() => {
    if (takesFocus) view.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  return (
    <div
      ref={view}
      className={styles.view}
      tabIndex={-1}
      data-testid="flow-compare"
      data-other={other?.id ?? ''}
      onKeyDown={(event) => {
        // In the list of flows it closes that list.
        if (event.key !== 'Escape' || event.defaultPrevented || event.target instanceof HTMLInputElement) return;
        event.stopPropagation();
        props.onClose();
      }}
    >
      <CompareHeader
        flow={flow}
        other={other}
        others={others}
        totals={isReady && totals !== null && otherTotals !== null ? [totals, otherTotals] : null}
        differences={differences}
        onlyDifferent={onlyDifferent}
        compact={props.compact}
        timeZone={props.timeZone}
        onOnlyDifferent={setOnlyDifferent}
        onOther={props.onOther}
        onSwap={props.onSwap}
        onClose={props.onClose}
      />
      {isReady ? (
        <CompareRows
          own={{ flow, forest }}
          other={{ flow: other, forest: otherForest }}
          failures={[failures, otherFailures]}
          selectedId={props.selectedId}
          onlyDifferent={onlyDifferent}
          takesFocus={takesFocus}
          onDifferences={setDifferences}
          onSelect={props.onSelect}
        />
      ) : (
        <p className={styles.nothing}>{other === null ? t('compare.other-is-gone') : t('compare.not-loaded')}</p>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  view: css({ display: 'flex', flexDirection: 'column', flex: 1, minWidth: 0, minHeight: 0, outline: 'none' }),
  nothing: css({ margin: 0, padding: theme.spacing(2), color: theme.colors.text.secondary }),
});
