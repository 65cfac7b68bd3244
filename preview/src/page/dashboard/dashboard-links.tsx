import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';
import { IconButton, LinkButton, useStyles2, type IconName } from '@grafana/ui';
import { useLocation } from 'react-router-dom';
import type { LinkJson } from './dashboard-json';

const ICONS: Record<string, IconName> = {
  'external link': 'external-link-alt',
  dashboard: 'apps',
  question: 'question-circle',
  info: 'info-circle',
  bolt: 'bolt',
  doc: 'file-alt',
  cloud: 'cloud',
};

/** The links of a dashboard, beside its time picker. */
export function DashboardLinks({ links, uid }: { links: LinkJson[]; uid: string }) {
  const { search } = useLocation();
  const styles = useStyles2(getStyles);
  return (
    <div className={styles}>
      {links
        .flatMap((link) => resolveLinks(link, uid))
        .map((link) => (
          <LinkButton
            key={`${link.title} ${link.url}`}
            size="md"
            variant="secondary"
            icon={ICONS[link.icon ?? ''] ?? 'link'}
            tooltip={link.tooltip || undefined}
            href={linkHref(link, search)}
            target={link.targetBlank ? '_blank' : undefined}
          >
            {getTemplateSrv().replace(link.title)}
          </LinkButton>
        ))}
    </div>
  );
}

/** The links of a panel, as icons after its title. */
export function PanelLinks({ links }: { links: LinkJson[] }) {
  const { search } = useLocation();
  return links.map((link) => (
    <a
      key={`${link.title} ${link.url}`}
      href={linkHref(link, search)}
      {...(link.targetBlank && { target: '_blank', rel: 'noreferrer' })}
    >
      <IconButton name="external-link-alt" size="sm" tooltip={link.title ?? 'Link'} />
    </a>
  ));
}

/** A link of type `dashboards` stands for every other dashboard with its tags. */
function resolveLinks(link: LinkJson, uid: string): LinkJson[] {
  if (link.type !== 'dashboards') return [link];
  const { dashboards } = window.previewCatalogue;
  return dashboards
    .filter((item) => item.uid !== uid && (link.tags ?? []).every((tag) => item.tags.includes(tag)))
    .map((item) => ({ ...link, title: item.title, url: item.url, icon: 'dashboard' }));
}

/** Adds the time range and variables on show, when the link asks for them. */
function linkHref({ url = '', keepTime, includeVars }: LinkJson, search: string): string {
  const [path = '', own = ''] = getTemplateSrv().replace(url).split('?', 2);
  const query = new URLSearchParams(own);
  for (const [name, value] of new URLSearchParams(search)) {
    const isTime = name === 'from' || name === 'to';
    if ((keepTime && isTime) || (includeVars && name.startsWith('var-'))) query.append(name, value);
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

const getStyles = (theme: GrafanaTheme2) => css({ display: 'flex', gap: theme.spacing(1), flexWrap: 'wrap' });
