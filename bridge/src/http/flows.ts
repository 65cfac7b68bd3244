import type { UserList } from '@flow-tracking/protocol';
import { Router } from 'express';
import type { FlowHistory } from '../services/flow-history';
import { checkInput, flowsQuery, id, usersQuery } from './input';

const USERS_SINCE_MS = 24 * 3_600_000;

/** What the history endpoints read from. */
export interface FlowsOptions {
  history: FlowHistory;
  listUsers: (filter: { fromTs: number; q?: string | undefined; limit: number }) => Promise<UserList['users']>;
}

/** `GET /flows`, `/flows/user/:userId`, `/flows/session/:sessionId`, `/flows/:flowId`, `/users`. */
export function createFlowsRouter({ history, listUsers }: FlowsOptions): Router {
  const router = Router();

  const page = (query: unknown) => {
    const { user, session, from, to, ...rest } = checkInput(flowsQuery, query);
    return history.page({ userId: user, sessionId: session, fromTs: from, toTs: to, ...rest });
  };

  router.get('/flows', async (req, res) => {
    res.json(await page(req.query));
  });
  router.get('/flows/user/:userId', async (req, res) => {
    res.json(await page({ ...req.query, user: req.params.userId }));
  });
  router.get('/flows/session/:sessionId', async (req, res) => {
    res.json(await history.session(checkInput(id, req.params.sessionId)));
  });
  router.get('/flows/:flowId', async (req, res) => {
    res.json(await history.flow(checkInput(id, req.params.flowId)));
  });
  router.get('/users', async (req, res) => {
    const { from, q, limit } = checkInput(usersQuery, req.query);
    res.json({ users: await listUsers({ fromTs: from ?? Date.now() - USERS_SINCE_MS, q, limit }) });
  });
  return router;
}
