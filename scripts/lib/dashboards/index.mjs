import { bridgeHealth } from './bridge-health.mjs';
import { checkpointPerformance } from './checkpoint-performance.mjs';
import { flowHistory } from './flow-history.mjs';
import { liveFlows } from './live-flows.mjs';
import { runningNow } from './running-now.mjs';
import { sessionDetail } from './session-detail.mjs';

/** The provisioned dashboards, by the names of their files. */
export const DASHBOARDS = {
  'live-flows.json': liveFlows,
  'running-now.json': runningNow,
  'flow-history.json': flowHistory,
  'session-detail.json': sessionDetail,
  'checkpoint-performance.json': checkpointPerformance,
  'bridge-health.json': bridgeHealth,
};
