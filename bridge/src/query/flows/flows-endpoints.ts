import type { FlowRecord } from '@flow-tracking/protocol';
import type { AnswerBudgets, AnswerPass } from '../../http/answer-budget';
import type { Endpoints } from '../../http/endpoint';
import { userPath } from '../../http/input-fields';
import { sendJson, type Exchange } from '../../http/send-json';
import { isSearch } from '../flow-filter-sql';
import { toFlowsQuery } from '../to-flows-query';
import type { FlowHistory } from './flow-history';
import { flowDetail, flowPage, sessionDetail } from './flows-answers';
import { detailQuery, flowPath, flowsOfUserQuery, flowsQuery, sessionPath, sessionQuery } from './flows-inputs';

export interface FlowsOptions {
  history: FlowHistory;
  budgets: AnswerBudgets;
}

const hasEnded = (flow: FlowRecord): boolean => flow.status !== 'running';

/** Flows by filter, of a user, of a session, and one alone. */
export function mountFlows(endpoints: Endpoints, { history, budgets }: FlowsOptions): void {
  const enterList = (query: Parameters<typeof toFlowsQuery>[0], caller: string): Promise<AnswerPass> =>
    (isSearch(toFlowsQuery(query)) ? budgets.searches : budgets.pages).enter(caller);
  const enterDetail = (_query: unknown, caller: string): Promise<AnswerPass> => budgets.pages.enter(caller);

  const answerSession = async (
    sessionId: string,
    cursor: string | undefined,
    exchange: Exchange,
  ): Promise<undefined> => {
    const session = await history.session(sessionId, cursor, exchange.pass?.growTo);
    await sendJson(exchange, session, session.flows.every(hasEnded));
  };

  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/flows',
      summary: 'A page of flows, newest first; fewer than asked for where they are large',
      query: flowsQuery,
      answer: flowPage,
      errors: ['query_timed_out', 'busy'],
      enter: enterList,
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
      errors: ['query_timed_out', 'busy'],
      enter: enterList,
    },
    ({ path, query }) =>
      history.page({ ...toFlowsQuery(query), userIds: [path.userId], cursor: query.cursor, limit: query.limit }),
  );
  const session = {
    method: 'get',
    summary:
      "A session's flows, oldest first, with their checkpoints as a flat list; the newest 200 flows or 8 MB a page",
    answer: sessionDetail,
    errors: ['session_not_found', 'busy'],
    revalidates: true,
    enter: enterDetail,
  } as const;
  endpoints.mount({ ...session, path: '/api/v1/flows/session', query: sessionQuery }, ({ query, ...exchange }) =>
    answerSession(query.session, query.cursor, exchange),
  );
  endpoints.mount(
    { ...session, path: '/api/v1/flows/session/:sessionId', pathParams: sessionPath, query: detailQuery },
    ({ path, query, ...exchange }) => answerSession(path.sessionId, query.cursor, exchange),
  );
  endpoints.mount(
    {
      method: 'get',
      path: '/api/v1/flows/:flowId',
      summary: 'One flow and its checkpoints as a flat list, 8 MB or some 50,000 a page',
      pathParams: flowPath,
      query: detailQuery,
      answer: flowDetail,
      errors: ['flow_not_found', 'busy'],
      revalidates: true,
      enter: enterDetail,
    },
    async ({ path, query, ...exchange }) => {
      const detail = await history.flow(path.flowId, query.cursor, exchange.pass?.growTo);
      await sendJson(exchange, detail, hasEnded(detail.flow));
      return undefined;
    },
  );
}
