import type { DataContextScopedVar, DataFrame, DataLink, Field, InterpolateFunction, LinkModel } from '@grafana/data';

/** A link of a dashboard's field, filled in for one row. */
export type FlowLink = Pick<LinkModel, 'href' | 'title' | 'target' | 'onClick'>;

/** What a panel gets of Grafana to fill in addresses. */
export interface LinkTools {
  readonly replace: InterpolateFunction;
  /** Puts the path that Grafana is served from before its own addresses. */
  readonly assureBaseUrl: (url: string) => string;
}

const SAFE_PROTOCOLS = ['http:', 'https:', 'mailto:'];
const NOWHERE = 'about:blank';
/** What a relative address is read from, where only its protocol counts. */
const ANY_PAGE = 'https://grafana.invalid/';

/** The address itself when the browser would take it for one that can't run code; it is not changed. */
function safeHref(href: string): string {
  if (!URL.canParse(href, ANY_PAGE)) return NOWHERE;
  return SAFE_PROTOCOLS.includes(new URL(href, ANY_PAGE).protocol) ? href : NOWHERE;
}

function urlLink(link: DataLink, frame: DataFrame, field: Field, row: number, tools: LinkTools): FlowLink {
  const context: DataContextScopedVar = { value: { frame, field, rowIndex: row, data: [frame] } };
  const scopedVars = { ...field.state?.scopedVars, __dataContext: context };
  const { replace, assureBaseUrl } = tools;
  const url = assureBaseUrl(link.url.replaceAll('\n', ''));
  return {
    href: safeHref(replace(url, scopedVars, 'uriencode')),
    title: replace(link.title, scopedVars),
    target: link.targetBlank === true ? '_blank' : undefined,
  };
}

/**
 * The links that a dashboard puts on the fields of a row. Addresses are filled in here, since `getLinks` of Grafana
 * decodes them again to look for scripts: a user `#h?x&y=1` would lead to somebody else.
 */
export function linksOfRow(frame: DataFrame, row: number, tools: LinkTools): FlowLink[] {
  return frame.fields.flatMap((field) => {
    const links = field.config.links ?? [];
    const isPlain = links.every(
      (link) => link.onBuildUrl === undefined && link.onClick === undefined && !link.internal,
    );
    if (isPlain) return links.map((link) => urlLink(link, frame, field, row, tools));
    return field.getLinks?.({ valueRowIndex: row }) ?? [];
  });
}
