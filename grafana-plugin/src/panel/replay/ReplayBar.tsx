import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, IconButton, useStyles2 } from '@grafana/ui';
import React, { useEffect, useReducer, useRef } from 'react';
import { t } from '../../texts/t';
import { useLooks } from '../components/looks-context';
import { useReducedMotion } from '../use-reduced-motion';
import { REPLAY_SPEEDS, type ReplaySpeed } from './replay-state';
import { Scrubber } from './Scrubber';
import { useFrames } from './use-frames';
import type { Replay } from './use-replay';

/** In a narrower bar the choice of gaps is left out, */
const WITHOUT_GAPS = '@container flow-replay (max-width: 519px)';
/** and in a narrower one the time, which the scrubber shows too. */
const WITHOUT_TIME = '@container flow-replay (max-width: 369px)';

/** Plays a flow, stops it, and moves to any time of it. */
export function ReplayBar({ replay, onClose }: { replay: Replay; onClose: () => void }) {
  const styles = useStyles2(getStyles);
  const bar = useRef<HTMLDivElement>(null);
  const { fromMs, isPlaying, speed, skipsGaps } = replay;
  useEffect(() => {
    bar.current?.querySelector<HTMLElement>('[data-testid="replay-play"]')?.focus({ preventScroll: true });
  }, []);
  const next = (): ReplaySpeed => REPLAY_SPEEDS[REPLAY_SPEEDS.indexOf(speed) + 1] ?? REPLAY_SPEEDS[0];
  return (
    <div
      ref={bar}
      className={styles.bar}
      role="toolbar"
      aria-label={t('replay.title')}
      data-testid="flow-replay"
      data-playing={isPlaying}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <Button
        size="sm"
        variant="secondary"
        fill="outline"
        icon="step-backward"
        aria-label={t('replay.to-start')}
        tooltip={t('replay.to-start')}
        onClick={() => replay.seek(fromMs)}
      />
      <Button
        size="sm"
        variant="primary"
        icon={isPlaying ? 'pause' : 'play'}
        data-testid="replay-play"
        aria-keyshortcuts="p"
        title={isPlaying ? t('replay.pause-by-key') : t('replay.play-by-key')}
        aria-label={isPlaying ? t('replay.pause') : t('replay.play')}
        onClick={replay.playOrPause}
      />
      <Button
        size="sm"
        variant="secondary"
        fill="outline"
        className={styles.speed}
        aria-label={t('replay.speed', { speed })}
        tooltip={t('replay.speeds')}
        data-testid="replay-speed"
        onClick={() => replay.setSpeed(next())}
      >
        {`${speed}×`}
      </Button>
      <span className={styles.gaps}>
        <Button
          size="sm"
          variant="secondary"
          fill={skipsGaps ? 'solid' : 'outline'}
          aria-pressed={skipsGaps}
          tooltip={t('replay.skip-gaps-in-full')}
          onClick={() => replay.setSkipsGaps(!skipsGaps)}
        >
          {t('replay.skip-gaps')}
        </Button>
      </span>
      <Scrubber replay={replay} heightPx={26} />
      <ReplayTime replay={replay} />
      <IconButton
        name="times"
        size="md"
        aria-label={t('replay.end')}
        tooltip={t('replay.end-by-key')}
        onClick={onClose}
      />
    </div>
  );
}

function ReplayTime({ replay }: { replay: Replay }) {
  const styles = useStyles2(getStyles);
  const { duration } = useLooks();
  const [, render] = useReducer((count: number) => count + 1, 0);
  useFrames(replay.isPlaying, useReducedMotion(), render);
  return (
    <span className={styles.time} data-testid="replay-time">
      {duration(replay.now())} / {duration(replay.toMs)}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    containerName: 'flow-replay',
    containerType: 'inline-size',
    display: 'flex',
    alignItems: 'center',
    flex: 'none',
    gap: theme.spacing(1),
    height: 40,
    padding: theme.spacing(0, 1),
    background: theme.colors.background.primary,
    borderTop: `1px solid ${theme.colors.border.medium}`,
  }),
  gaps: css({ flex: 'none', [WITHOUT_GAPS]: { display: 'none' } }),
  speed: css({ minWidth: 44, justifyContent: 'center', fontVariantNumeric: 'tabular-nums' }),
  time: css({
    flex: 'none',
    minWidth: '17ch',
    textAlign: 'right',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: 12,
    fontVariantNumeric: 'tabular-nums',
    color: theme.colors.text.primary,
    [WITHOUT_TIME]: { display: 'none' },
  }),
});
