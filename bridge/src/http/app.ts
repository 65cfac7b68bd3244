import express, { type Express } from 'express';
import type { Logger } from '../adapters/logger';
import type { Doors } from '../services/doors';
import { createErrorHandler, refuseUnknownPath } from './errors';
import { createFlowsRouter, type FlowsOptions } from './flows';
import { createHealthRouter, type HealthOptions } from './health';
import { createMonitoringRouter, type MonitoringOptions } from './monitoring';

/** The HTTP side of the bridge. Health is open; all else passes the doors, and what is not known is refused. */
export function createApp(
  options: { doors: Doors; logger: Logger } & HealthOptions & FlowsOptions & MonitoringOptions,
): Express {
  const { doors, logger } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  // Answers of the API change with every event; a browser must not keep them.
  app.set('etag', false);

  app.use(createHealthRouter(options));
  app.use((req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    doors.checkSource(req.headers);
    const isChange = req.method !== 'GET' && req.method !== 'HEAD';
    doors.authorize(req.headers, isChange ? 'control' : 'read');
    next();
  });
  app.use('/api/v1/monitoring', createMonitoringRouter(options));
  app.use('/api/v1', createFlowsRouter(options));
  app.use(refuseUnknownPath);
  app.use(createErrorHandler(logger));
  return app;
}
