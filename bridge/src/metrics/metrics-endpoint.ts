import { z } from 'zod';
import type { Endpoints } from '../http/endpoint';
import type { Metrics } from './metrics';

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
