// The suite of history.integration.test.ts, on a Redis Cluster.
import '../../../test/support/on-a-cluster';
import './history.integration.test';
