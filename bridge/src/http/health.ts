import { Router } from 'express';

/** What `/readyz` asks of everything the bridge needs; an entry is the reason it is not ready, or undefined. */
export interface HealthOptions {
  checkReadiness: () => Promise<Record<string, string | undefined>>;
  /** Whether the bridge is about to end. */
  isStopping: () => boolean;
}

/** `/healthz`: the process lives. `/readyz`: it can do its work. Both open, and tell nothing about flows. */
export function createHealthRouter({ checkReadiness, isStopping }: HealthOptions): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });
  router.get('/readyz', async (_req, res) => {
    const reasons = Object.entries(await checkReadiness());
    const ready = reasons.every(([, reason]) => reason === undefined);
    const checks = Object.fromEntries(reasons.map(([name, reason]) => [name, reason ?? 'ok']));
    if (isStopping()) {
      res.status(503).json({ status: 'stopping', checks });
      return;
    }
    res.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'unavailable', checks });
  });
  return router;
}
