import type { DataLink } from '@grafana/data';
import { t } from '../../texts/t';

const TIME = '${__url_time_range}';
const field = (name: string): string => `\${__data.fields.${name}:percentencode}`;

/**
 * A link of a cell. Grafana decodes the address of a link again when it looks for scripts in it, so that a user `#h?x&y=1`
 * would lead to somebody else: a click goes to the address as it was before that.
 */
const link = (title: string, url: string): DataLink => ({
  title,
  url,
  onClick({ e, replaceVariables }) {
    const { currentTarget: anchor } = e as MouseEvent;
    if (!(anchor instanceof HTMLAnchorElement) || replaceVariables === undefined) return;
    // What stands before it is the path that Grafana is served from.
    const [base = ''] = (anchor.getAttribute('href') ?? '').split('/d/', 1);
    anchor.setAttribute('href', base + replaceVariables(url));
  },
});

const SESSION = `/d/flow-session/session-detail?var-user=${field('user_id')}&var-session=${field('session_id')}`;

/** From a row that has `user_id` and `session_id` to the session. */
export const sessionLink = (): DataLink => link(t('queries.links.session'), `${SESSION}&${TIME}`);

/** From a row that has `flow_id` as well, to that flow of the session: the panel of that dashboard has the id 1. */
export const flowLink = (): DataLink =>
  link(t('queries.links.flow'), `${SESSION}&fp-1-flow=${field('flow_id')}&${TIME}`);

/** From a user's id to the live flows. */
export const userLink = (): DataLink =>
  link(t('queries.links.user'), '/d/flow-live/live-flows?var-user=${__value.raw:percentencode}');
