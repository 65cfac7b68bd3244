// The suite of live-recovery.integration.test.ts, on a Redis Cluster.
import './support/on-a-cluster';
import './live-recovery.integration.test';
