declare module 'cluster-key-slot' {
  /** The slot of a key or sharded channel on a Redis Cluster. */
  function calculateSlot(key: string | Buffer): number;
  export = calculateSlot;
}
