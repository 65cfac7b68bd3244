import { z } from 'zod';
import type { Metrics } from '../metrics/metrics';
import type { Endpoints } from './endpoint';

/** `GET /metrics`, for Prometheus. */
export function mountMetrics(endpoints: Endpoints, metrics: Metrics, { isOpen }: { isOpen: boolean }): void {
  endpoints.mount(
    {
      method: 'get',
      path: '/metrics',
      summary: 'Metrics for Prometheus',
      isOpen,
      mediaType: 'text/plain',
      answer: z.string(),
    },
    async ({ res }) => {
      res.type(metrics.contentType).send(await metrics.render());
      return undefined;
    },
  );
}
