import type { DataLink } from '@grafana/data';
import { t } from '../../texts/t';

/** Links of the cells of tables. */
export interface CellLinks {
  /** From a row that has `user_id` and `session_id` to the session. */
  session(): DataLink;
  /** From a row that has `flow_id` as well, to that flow of the session. */
  flow(): DataLink;
  /** From a user's id to the live flows. */
  user(): DataLink;
}

const TIME = '${__url_time_range}';
const field = (name: string): string => `\${__data.fields.${name}:percentencode}`;
const SESSION = `/d/flow-session/session-detail?var-user=${field('user_id')}&var-session=${field('session_id')}`;
const USER = '/d/flow-live/live-flows?var-user=${__value.raw:percentencode}';

/**
 * Links to the provisioned dashboards, which then ask the same datasource. Grafana decodes the address of a link again when it
 * looks for scripts in it, so that a user `#h?x&y=1` would lead to somebody else: a plain click goes to the address as it was
 * before that.
 *
 * @param navigate goes to a path of Grafana
 */
export function createCellLinks(datasourceUid: string, navigate: (path: string) => void): CellLinks {
  const datasource = `var-datasource=${encodeURIComponent(datasourceUid)}`;
  const link = (title: string, url: string): DataLink => ({
    title,
    url,
    onClick({ e, replaceVariables }) {
      if (replaceVariables === undefined) return;
      (e as Event).preventDefault();
      navigate(replaceVariables(url));
    },
  });
  return {
    session: () => link(t('queries.links.session'), `${SESSION}&${datasource}&${TIME}`),
    // The panel of that dashboard has the id 1.
    flow: () => link(t('queries.links.flow'), `${SESSION}&fp-1-flow=${field('flow_id')}&${datasource}&${TIME}`),
    user: () => link(t('queries.links.user'), `${USER}&${datasource}`),
  };
}
