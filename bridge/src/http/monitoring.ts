import type { MonitoringDisabled, MonitoringEnabled, MonitoringList } from '@flow-tracking/protocol';
import { Router, type Request } from 'express';
import type { MonitoringService } from '../services/monitoring';
import { checkInput, enableQuery, id } from './input';

export interface MonitoringOptions {
  monitoring: MonitoringService;
}

/** Grafana's name of who asks; only callers with a token get here, so it is as good as they are. */
function actorOf(req: Request): string | null {
  return req.get('x-grafana-user')?.slice(0, 255) ?? null;
}

/** `POST /enable/:userId?ttl_hours=`, `POST /disable/:userId`, `GET /list`. */
export function createMonitoringRouter({ monitoring }: MonitoringOptions): Router {
  const router = Router();
  router.post('/enable/:userId', async (req, res) => {
    const userId = checkInput(id, req.params.userId);
    const { ttl_hours: ttlHours } = checkInput(enableQuery, req.query);
    const body: MonitoringEnabled = { grant: await monitoring.enable(userId, ttlHours, actorOf(req)) };
    res.json(body);
  });
  router.post('/disable/:userId', async (req, res) => {
    const userId = checkInput(id, req.params.userId);
    const body: MonitoringDisabled = { user_id: userId, disabled: await monitoring.disable(userId, actorOf(req)) };
    res.json(body);
  });
  router.get('/list', async (_req, res) => {
    const body: MonitoringList = { grants: await monitoring.list() };
    res.json(body);
  });
  return router;
}
