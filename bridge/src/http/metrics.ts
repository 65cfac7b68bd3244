import { Router } from 'express';
import type { Metrics } from '../metrics/metrics';

/** `GET /metrics`, for Prometheus. */
export function createMetricsRouter(metrics: Metrics): Router {
  const router = Router();
  router.get('/metrics', async (_req, res) => {
    res.type(metrics.contentType).send(await metrics.render());
  });
  return router;
}
