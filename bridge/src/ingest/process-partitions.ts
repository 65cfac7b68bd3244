/** Recording processes that are remembered. */
const MAX_PROCESSES = 100_000;

/** Remembers through which partitions the events of a recording process came. */
export interface ProcessPartitions {
  saw(process: string, partition: number): void;
  /** Processes that are known to use no other partitions than these. */
  usingOnly(partitions: ReadonlySet<number>): Set<string>;
}

export function createProcessPartitions(): ProcessPartitions {
  const partitionsOf = new Map<string, Set<number>>();
  return {
    saw(process, partition) {
      const known = partitionsOf.get(process);
      if (known !== undefined) {
        known.add(partition);
        return;
      }
      const [oldest] = partitionsOf.keys();
      if (oldest !== undefined && partitionsOf.size >= MAX_PROCESSES) partitionsOf.delete(oldest);
      partitionsOf.set(process, new Set([partition]));
    },
    usingOnly(partitions) {
      const processes = new Set<string>();
      for (const [process, used] of partitionsOf) {
        if ([...used].every((partition) => partitions.has(partition))) processes.add(process);
      }
      return processes;
    },
  };
}
