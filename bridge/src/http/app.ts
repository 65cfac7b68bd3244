import express, { type Express } from 'express';
import type { Logger } from '../adapters/logger';
import type { Metrics } from '../metrics/metrics';
import type { Doors } from '../services/doors';
import { limitChanges } from './control-limit';
import { createErrorHandler, refuseUnknownPath } from './errors';
import { createFlowsRouter, type FlowsOptions } from './flows';
import { createHealthRouter, type HealthOptions } from './health';
import { createMetricsRouter } from './metrics';
import { createMonitoringRouter, type MonitoringOptions } from './monitoring';
import { observeRequests } from './observe-requests';

interface AppOptions extends HealthOptions, FlowsOptions, MonitoringOptions {
  doors: Doors;
  metrics: Metrics;
  /** Whether `/metrics` asks for no token. */
  metricsOpen: boolean;
  /** Requests a minute, by one token, that may change something. */
  changesPerMinute: number;
  logger: Logger;
}

/** The HTTP side of the bridge. Health is open; all else passes the doors, and what is not known is refused. */
export function createApp(options: AppOptions): Express {
  const { doors, metrics, logger } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  // Answers of the API change with every event; a browser must not keep them.
  app.set('etag', false);

  app.use(observeRequests(metrics.onRequest, logger));
  app.use(createHealthRouter(options));
  app.use((req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    doors.checkSource(req.headers);
    next();
  });
  if (options.metricsOpen) app.use(createMetricsRouter(metrics));
  app.use((req, _res, next) => {
    const isChange = req.method !== 'GET' && req.method !== 'HEAD';
    doors.authorize(req, isChange ? 'control' : 'read');
    next();
  });
  app.use(limitChanges(options.changesPerMinute));
  app.use(createMetricsRouter(metrics));
  app.use('/api/v1/monitoring', createMonitoringRouter(options));
  app.use('/api/v1', createFlowsRouter(options));
  app.use(refuseUnknownPath);
  app.use(createErrorHandler(logger));
  return app;
}
