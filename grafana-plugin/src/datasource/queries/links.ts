import type { DataLink } from '@grafana/data';
import { t } from '../../texts/t';

const TIME = '${__url_time_range}';
const field = (name: string): string => `\${__data.fields.${name}:percentencode}`;

/** From a row that has `user_id` and `session_id` to the session. */
export const sessionLink = (): DataLink => ({
  title: t('queries.links.session'),
  url: `/d/flow-session/session-detail?var-user=${field('user_id')}&var-session=${field('session_id')}&${TIME}`,
});

/** From a row that has `flow_id` as well, to that flow of the session. */
export const flowLink = (): DataLink => ({
  title: t('queries.links.flow'),
  url: `/d/flow-session/session-detail?var-user=${field('user_id')}&var-session=${field('session_id')}&${TIME}`,
});

/** From a user's id to the live flows. */
export const userLink = (): DataLink => ({
  title: t('queries.links.user'),
  url: '/d/flow-live/live-flows?var-user=${__value.raw:percentencode}',
});
