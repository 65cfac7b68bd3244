import path from 'node:path';
import { Client } from 'pg';
import { startNode } from './process';
import { waitFor } from './wait-for';

/** A Postgres with a streaming replica, of one test's own. */
export interface ReplicatedPostgres {
  readonly primaryUrl: string;
  readonly replicaUrl: string;
  /** Whether the replica replays what it gets from the primary. */
  setReplaying(isReplaying: boolean): Promise<void>;
  /** Waits until the replica has all that the primary has now. */
  untilCaughtUp(): Promise<void>;
  stopReplica(): Promise<void>;
  /** Starts it again, on the same port. */
  startReplica(): Promise<void>;
  /** Ends both and takes their data away. */
  remove(): Promise<void>;
}

const START_MS = 60_000;

/** Starts both, empty. */
export async function startReplicatedPostgres(): Promise<ReplicatedPostgres> {
  const server = startNode([path.join(__dirname, 'replicated-postgres-server.mjs')]);
  const lines = (): string[] => server.output().trimEnd().split('\n');
  let ended: number | string | undefined;
  void server.exited.then((code) => (ended = code));
  /** Waits for one more line of the server. */
  const nextLine = async (known: number): Promise<string> => {
    await waitFor(
      'the servers tell how they are',
      () => ended !== undefined || server.output().split('\n').length > known + 1,
      START_MS,
    );
    if (ended !== undefined) throw new Error(`The servers ended with ${ended}:\n${server.output()}`);
    return lines().at(-1) ?? '';
  };
  const { primary, replica } = JSON.parse(await nextLine(0)) as { primary: string; replica: string };

  const ask = async <Row extends object>(
    url: string,
    sql: string,
    values: unknown[] = [],
  ): Promise<Row | undefined> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Row>(sql, values)).rows[0];
    } finally {
      await client.end();
    }
  };
  const tell = async (signal: 'SIGUSR1' | 'SIGUSR2'): Promise<void> => {
    const known = lines().length;
    server.child.kill(signal);
    await nextLine(known);
  };

  return {
    primaryUrl: primary,
    replicaUrl: replica,
    async setReplaying(isReplaying) {
      await ask(replica, `SELECT pg_wal_replay_${isReplaying ? 'resume' : 'pause'}()`);
    },
    async untilCaughtUp() {
      // What is committed may wait to be written: the place where the next is inserted is behind all of it.
      const now = await ask<{ lsn: string }>(primary, 'SELECT pg_current_wal_insert_lsn() AS lsn');
      const reached = 'SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS reached';
      await waitFor(
        'the replica has caught up',
        async () => (await ask<{ reached: boolean }>(replica, reached, [now?.lsn]))?.reached,
      );
    },
    stopReplica: () => tell('SIGUSR1'),
    startReplica: () => tell('SIGUSR2'),
    async remove() {
      await server.stop();
    },
  };
}
