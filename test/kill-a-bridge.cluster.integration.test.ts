// The suite of kill-a-bridge.integration.test.ts, on a Redis Cluster.
import './support/on-a-cluster';
import './kill-a-bridge.integration.test';
