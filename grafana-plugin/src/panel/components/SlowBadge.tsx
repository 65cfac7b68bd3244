import { css } from '@emotion/css';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';
import type { SlowMark } from '../layout/slow-limits';
import { slowColor } from '../slow-color';
import { SLOW_SIGN, slowText, slowWords } from '../slow-text';
import { useLooks } from './looks-context';

interface Props {
  mark: SlowMark;
  /** Only the sign, where a duration has no room beside it. */
  signOnly?: boolean;
  /** It stands on another ground than the panel's, with a colour of text of its own. */
  plain?: boolean;
}

/** A sign and the factor beside the duration of a slow node. */
export function SlowBadge({ mark, signOnly = false, plain = false }: Props) {
  const theme = useTheme2();
  const { duration } = useLooks();
  const styles = useStyles2(getStyles);
  const words = slowWords(mark, duration);
  return (
    <span
      className={styles.badge}
      style={plain ? undefined : { color: slowColor(theme, mark.step?.color) }}
      title={words}
      data-testid="flow-slow"
    >
      <span aria-hidden="true">{signOnly ? SLOW_SIGN : `${SLOW_SIGN} ${slowText(mark, duration)}`}</span>
      <span className={styles.heard}>{words}</span>
    </span>
  );
}

const getStyles = () => ({
  badge: css({ position: 'relative', flex: 'none', whiteSpace: 'nowrap' }),
  heard: css({
    position: 'absolute',
    width: 1,
    height: 1,
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    whiteSpace: 'nowrap',
  }),
});
