import { css } from '@emotion/css';
import { dateTimeFormat, type DataFrame, type GrafanaTheme2 } from '@grafana/data';
import { Tooltip, useStyles2, useTheme2, type UPlotConfigBuilder } from '@grafana/ui';
import { useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type uPlot from 'uplot';
import { AnnotationMarkup } from './annotation-markup';

interface Mark {
  time: number;
  title: string;
  text: string;
  color: string;
}

/** Annotations of the dashboard over a graph: a line each, and what it says on a mark below. */
export function AnnotationMarks({ frames, config }: { frames: DataFrame[]; config: UPlotConfigBuilder }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const marks = frames.flatMap((frame) => marksOf(frame, theme));
  const latest = useRef(marks);
  latest.current = marks;
  const plot = useRef<uPlot>(undefined);
  const [drawn, setDrawn] = useState({ key: '', over: undefined as HTMLElement | undefined });

  useLayoutEffect(() => {
    config.addHook('init', (u) => (plot.current = u));
    config.addHook('draw', (u) => {
      const { min, max } = u.scales.x ?? {};
      // Where they stand has changed with the scale or the size.
      const next = { key: `${min} ${max} ${u.over.clientWidth}`, over: u.over };
      setDrawn((before) => (before.key === next.key && before.over === next.over ? before : next));
    });
  }, [config]);

  const u = plot.current;
  if (u === undefined || drawn.over === undefined) return null;
  const { min = 0, max = 0 } = u.scales.x ?? {};
  return createPortal(
    latest.current
      .filter(({ time }) => time >= (min ?? 0) && time <= (max ?? 0))
      .map((mark, i) => (
        <Tooltip
          key={`${mark.time} ${i}`}
          interactive
          content={
            <AnnotationMarkup html={[dateTimeFormat(mark.time), mark.title, mark.text].filter(Boolean).join('<br>')} />
          }
        >
          <div
            className={styles.mark}
            data-testid="annotation"
            style={{ left: u.valToPos(mark.time, 'x'), borderColor: mark.color }}
          />
        </Tooltip>
      )),
    drawn.over,
  );
}

/** As Grafana's annotations come: `time`, `title`, `text`, `color` by name. */
function marksOf(frame: DataFrame, theme: GrafanaTheme2): Mark[] {
  const values = (name: string) =>
    (frame.fields.find((field) => field.name === name)?.values ?? []) as (string | number)[];
  const [time, title, text, color] = [values('time'), values('title'), values('text'), values('color')];
  return time.map((at, i) => ({
    time: Number(at),
    title: String(title[i] ?? ''),
    text: String(text[i] ?? ''),
    color: theme.visualization.getColorByName(String(color[i] ?? 'blue')),
  }));
}

const getStyles = (theme: GrafanaTheme2) => ({
  mark: css({
    position: 'absolute',
    top: 0,
    bottom: 0,
    width: 7,
    marginLeft: -3,
    '&::before': {
      content: '""',
      position: 'absolute',
      left: 3,
      top: 0,
      bottom: 0,
      borderLeft: '1px dashed',
      borderColor: 'inherit',
    },
    '&::after': {
      content: '""',
      position: 'absolute',
      left: 0,
      bottom: 0,
      border: '4px solid transparent',
      borderTop: 'none',
      borderBottomWidth: 6,
      borderBottomStyle: 'solid',
      borderBottomColor: 'inherit',
    },
    zIndex: theme.zIndex.activePanel,
  }),
});
