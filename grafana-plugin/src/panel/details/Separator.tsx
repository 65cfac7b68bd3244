import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { t } from '../../texts/t';
import { sizeWithin, type SizeLimits } from './placement';

const STEP_PX = 16;

interface Props {
  /** Beside the view it is moved sideways, below it up and down. */
  isBeside: boolean;
  size: number;
  limits: SizeLimits;
  /** Null for the usual size. */
  onSize: (px: number | null) => void;
}

/** The edge between the view and the details: dragged, or moved by arrow keys; a double click gives the usual size. */
export function Separator({ isBeside, size, limits, onSize }: Props) {
  const styles = useStyles2(getStyles);
  const drag = useRef<{ at: number; size: number } | null>(null);
  const along = (event: PointerEvent): number => (isBeside ? event.clientX : event.clientY);
  const onKeyDown = (event: KeyboardEvent): void => {
    const [larger, smaller] = isBeside ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const to =
      event.key === larger
        ? size + STEP_PX
        : event.key === smaller
          ? size - STEP_PX
          : event.key === 'Home'
            ? limits.least
            : event.key === 'End'
              ? limits.most
              : null;
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    onSize(sizeWithin(limits, to));
  };
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-label={isBeside ? t('details.width') : t('details.height')}
      aria-orientation={isBeside ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={limits.least}
      aria-valuemax={limits.most}
      className={styles.separator}
      data-beside={isBeside}
      onKeyDown={onKeyDown}
      onDoubleClick={() => onSize(null)}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { at: along(event), size };
      }}
      onPointerMove={(event) => {
        if (drag.current !== null) onSize(sizeWithin(limits, drag.current.size + drag.current.at - along(event)));
      }}
      onPointerUp={() => (drag.current = null)}
      onPointerCancel={() => (drag.current = null)}
    />
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  separator: css({
    position: 'absolute',
    zIndex: 1,
    touchAction: 'none',
    // Wider than the line that it shows, so that it can be grasped.
    "&[data-beside='true']": { left: -4, top: 0, bottom: 0, width: 8, cursor: 'col-resize' },
    "&[data-beside='false']": { top: -4, left: 0, right: 0, height: 8, cursor: 'row-resize' },
    '&::after': { content: '""', position: 'absolute', inset: 3, background: 'transparent' },
    '&:hover::after, &:active::after': { background: theme.colors.primary.main },
    '&:focus-visible': { outline: 'none', '&::after': { inset: 2, background: theme.colors.primary.main } },
  }),
});
