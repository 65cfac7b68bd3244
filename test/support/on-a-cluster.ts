import { useTopology } from './redis-topology';

// Imported for this, before the suite that is to run on a cluster.
useTopology('cluster');
