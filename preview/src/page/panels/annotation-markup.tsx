import { textUtil } from '@grafana/data';

/** Title or text of an annotation: to Grafana both are markup, from which it takes what could do harm. */
export function AnnotationMarkup({ html }: { html: string }) {
  return <span dangerouslySetInnerHTML={{ __html: textUtil.sanitize(html) }} />;
}
