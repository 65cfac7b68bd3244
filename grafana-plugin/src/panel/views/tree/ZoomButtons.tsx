import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { t } from '../../../texts/t';
import { ZOOM_STEP } from './camera';

interface Props {
  onZoom: (factor: number) => void;
  onFit: () => void;
}

/** At the bottom left of the canvas; out of the tab order, since `+`, `-` and `f` do the same. */
export function ZoomButtons({ onZoom, onFit }: Props) {
  const styles = useStyles2(getStyles);
  const button = (label: string, text: string, onClick: () => void) => (
    <button type="button" className={styles.button} aria-label={label} title={label} tabIndex={-1} onClick={onClick}>
      {text}
    </button>
  );
  return (
    <div
      className={styles.buttons}
      role="presentation"
      onPointerDown={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      {button(t('views.zoom-in'), '+', () => onZoom(ZOOM_STEP))}
      {button(t('views.zoom-out'), '−', () => onZoom(1 / ZOOM_STEP))}
      {button(t('views.fit'), '⤢', onFit)}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  buttons: css({
    position: 'absolute',
    left: 8,
    bottom: 8,
    display: 'flex',
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    overflow: 'hidden',
  }),
  button: css({
    width: 26,
    height: 24,
    padding: 0,
    border: 'none',
    background: 'none',
    color: theme.colors.text.secondary,
    fontSize: 14,
    lineHeight: '22px',
    '&:hover': { background: theme.colors.action.hover, color: theme.colors.text.primary },
  }),
});
