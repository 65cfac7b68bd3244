import { css } from '@emotion/css';
import { LoadingState, type GrafanaTheme2, type PanelData } from '@grafana/data';
import { LoadingPlaceholder, useStyles2 } from '@grafana/ui';

/** The options of a variable, in their order. */
export function VariableOptions({ data }: { data: PanelData | undefined }) {
  const styles = useStyles2(getStyles);
  if (data === undefined || data.state === LoadingState.Loading) return <LoadingPlaceholder text="Loading…" />;
  if (data.errors?.length) return null;
  const frame = data.series[0];
  const texts = (frame?.fields.find(({ name }) => name === 'text') ?? frame?.fields[0])?.values.map(String) ?? [];
  return (
    <section aria-label="Preview of values">
      <h2 className={styles.title}>
        Preview of values <span className={styles.count}>({texts.length})</span>
      </h2>
      <ul className={styles.list}>
        {texts.map((text, i) => (
          <li key={i} className={styles.option}>
            {text}
          </li>
        ))}
      </ul>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  title: css({ ...theme.typography.h5, margin: theme.spacing(1, 0) }),
  count: css({ color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular }),
  list: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5), listStyle: 'none' }),
  option: css({
    padding: theme.spacing(0.25, 1),
    maxWidth: '100%',
    overflowWrap: 'anywhere',
    whiteSpace: 'pre-wrap',
    background: theme.colors.background.secondary,
    borderRadius: theme.shape.radius.default,
  }),
});
