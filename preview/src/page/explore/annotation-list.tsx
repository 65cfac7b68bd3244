import { css } from '@emotion/css';
import { dateTimeFormat, LoadingState, type DataFrame, type GrafanaTheme2, type PanelData } from '@grafana/data';
import { LoadingPlaceholder, TagList, useStyles2 } from '@grafana/ui';
import { AnnotationMarkup } from '../panels/annotation-markup';
import { PanelNote } from '../panels/panel-note';

interface Event {
  time: number;
  timeEnd: number | undefined;
  title: string;
  text: string;
  tags: string[];
}

/** The annotations of an answer, newest first. */
export function AnnotationList({ data }: { data: PanelData | undefined }) {
  const styles = useStyles2(getStyles);
  if (data === undefined || data.state === LoadingState.Loading) return <LoadingPlaceholder text="Loading…" />;
  if (data.errors?.length) return null;
  const events = [...data.series, ...(data.annotations ?? [])].flatMap(eventsOf).sort((a, b) => b.time - a.time);
  if (events.length === 0) return <PanelNote>No annotations in this time range</PanelNote>;
  return (
    <table className={styles.table} aria-label="Annotations">
      <thead>
        <tr>
          {['Time', 'Until', 'Title', 'Text', 'Tags'].map((name) => (
            <th key={name} className={styles.cell}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {events.map(({ time, timeEnd, title, text, tags }, i) => (
          <tr key={i}>
            <td className={styles.time}>{dateTimeFormat(time)}</td>
            <td className={styles.time}>{timeEnd !== undefined && timeEnd !== time && dateTimeFormat(timeEnd)}</td>
            <td className={styles.cell}>
              <AnnotationMarkup html={title} />
            </td>
            <td className={styles.cell}>
              <AnnotationMarkup html={text} />
            </td>
            <td className={styles.cell}>
              <TagList tags={tags} className={styles.tags} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** As Grafana reads the frames of annotations: by the names of their fields. */
function eventsOf(frame: DataFrame): Event[] {
  const valuesOf = (name: string): unknown[] => frame.fields.find((field) => field.name === name)?.values ?? [];
  const [time, timeEnd, title, text, tags] = ['time', 'timeEnd', 'title', 'text', 'tags'].map(valuesOf) as [
    number[],
    (number | null)[],
    string[],
    string[],
    (string[] | string)[],
  ];
  return time.map((at, i) => ({
    time: at,
    timeEnd: timeEnd[i] ?? undefined,
    title: title[i] ?? '',
    text: text[i] ?? '',
    tags: [tags[i] ?? []].flat().flatMap((tag) => tag.split(',')),
  }));
}

const getStyles = (theme: GrafanaTheme2) => {
  const cell = {
    padding: theme.spacing(0.5, 1),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    textAlign: 'left',
    overflowWrap: 'anywhere',
  } as const;
  return {
    table: css({ width: '100%', background: theme.colors.background.primary }),
    cell: css(cell),
    time: css({ ...cell, whiteSpace: 'nowrap' }),
    tags: css({ justifyContent: 'flex-start' }),
  };
};
