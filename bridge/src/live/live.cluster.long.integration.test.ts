// The suite of live.integration.test.ts, on a Redis Cluster.
import '../../../test/support/on-a-cluster';
import './live.integration.test';
