import type { FlowRecord } from '@flow-tracking/protocol';
import type { FlowHistory } from '../services/flow-history';
import type { Endpoints } from './endpoint';
import { sendRevalidated } from './not-modified';
import { flowDetail, flowPage, sessionDetail } from './schemas/answers';
import { detailQuery, flowPath, flowsOfUserQuery, flowsQuery, sessionPath, userPath } from './schemas/inputs';
import { toFlowsQuery } from './to-flows-query';

export interface FlowsOptions {
  history: FlowHistory;
}

const hasEnded = (flow: FlowRecord): boolean => flow.status !== 'running';

/** Flows by filter, of a user, of a session, and one alone. */
export function mountFlows(endpoints: Endpoints, { history }: FlowsOptions): void {
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/flows',
      summary: 'A page of flows, newest first',
      query: flowsQuery,
      answer: flowPage,
      errors: ['query_timed_out'],
    },
    ({ query }) => history.page({ ...toFlowsQuery(query), cursor: query.cursor, limit: query.limit }),
  );
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/flows/user/:userId',
      summary: "A page of one user's flows, newest first; empty for a user without flows",
      pathParams: userPath,
      query: flowsOfUserQuery,
      answer: flowPage,
      errors: ['query_timed_out'],
    },
    ({ path, query }) =>
      history.page({ ...toFlowsQuery(query), userId: path.userId, cursor: query.cursor, limit: query.limit }),
  );
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/flows/session/:sessionId',
      summary: "A session's flows, oldest first, with their checkpoints as a flat list; the newest 200 flows a page",
      pathParams: sessionPath,
      query: detailQuery,
      answer: sessionDetail,
      errors: ['session_not_found'],
      revalidates: true,
    },
    async ({ path, query, ...exchange }) => {
      const session = await history.session(path.sessionId, query.cursor);
      if (!session.flows.every(hasEnded)) return session;
      return sendRevalidated(exchange, session);
    },
  );
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/flows/:flowId',
      summary: 'One flow and its checkpoints as a flat list, 50,000 a page',
      pathParams: flowPath,
      query: detailQuery,
      answer: flowDetail,
      errors: ['flow_not_found'],
      revalidates: true,
    },
    async ({ path, query, ...exchange }) => {
      const detail = await history.flow(path.flowId, query.cursor);
      if (!hasEnded(detail.flow)) return detail;
      return sendRevalidated(exchange, detail);
    },
  );
}
