// The suite of kill-a-bridge.integration.test.ts, in full and on a Redis Cluster.
import './support/in-full';
import './support/on-a-cluster';
import './kill-a-bridge.integration.test';
