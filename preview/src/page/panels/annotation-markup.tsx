import { css } from '@emotion/css';
import { textUtil, type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';

/** Title or text of an annotation: to Grafana both are markup, from which it takes what could do harm. */
export function AnnotationMarkup({ html }: { html: string }) {
  const styles = useStyles2(getStyles);
  return <span className={styles} dangerouslySetInnerHTML={{ __html: textUtil.sanitize(html) }} />;
}

const getStyles = (theme: GrafanaTheme2) => css({ a: { color: theme.colors.text.link } });
