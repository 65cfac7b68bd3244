/** In the order in which they run. */
export const ATTACK_NAMES = [
  'poison',
  'fat-flow',
  'slow-exports',
  'churn',
  'redis-full',
  'flushall',
  'slow-postgres',
  'lock',
];
