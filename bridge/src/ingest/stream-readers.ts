import type { RedisTarget } from '../config';
import type { Logger } from '../platform/logger';
import { connectInBackground, createBlockingClient, type RedisClient } from '../platform/redis/client';
import { BLOCK_MS } from './history-writer';

/** Connects for the blocking reads: a client for each partition. */
export function openStreamReaders(options: {
  target: RedisTarget;
  partitions: number;
  /** Of a partition's connection, as CLIENT LIST shows it. */
  nameOf: (partition: number) => string;
  logger: Logger;
}): RedisClient[] {
  const { target, partitions, nameOf, logger } = options;
  return Array.from({ length: partitions }, (_, partition) => {
    const client = createBlockingClient(target, nameOf(partition), BLOCK_MS, logger);
    void connectInBackground(client);
    return client;
  });
}
