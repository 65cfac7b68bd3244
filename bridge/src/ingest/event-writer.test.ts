import type { FlowEvent } from '@flow-tracking/protocol';
import { createFlowIds } from '@flow-tracking/protocol';
import type { Pool, PoolClient } from '../platform/postgres/pool';
import { createBatchLimit } from './batch-limit';
import { createEventWriter } from './event-writer';
import type { BatchOptions } from './history-batch';

const nextFlowId = createFlowIds();

const eventOf = (userId: string): FlowEvent => {
  const ts = Date.now();
  return { type: 'flow_identified', flow_id: nextFlowId(ts), seq: 0, ts, user_id: userId };
};

const failure = (code: string): Error => Object.assign(new Error(code), { code });

/**
 * A writer on a Postgres that fails as `failureOf` says, asked with the users of the flows of a transaction; those of a
 * rehearsal have none.
 */
function setUp(failureOf: (users: readonly string[]) => Error | undefined) {
  const written: string[] = [];
  let transaction: string[] = [];
  const query = async (statement: string | { name: string; text: string; values: string[] }) => {
    if (statement === 'BEGIN') transaction = [];
    if (statement === 'COMMIT') written.push(...transaction);
    if (typeof statement === 'string') return { rows: [] };
    if (statement.name === 'upsert_flows') {
      const columns = /\(([^)]*)\)/.exec(statement.text)?.[1]?.split(', ') ?? [];
      // An array as Postgres reads it: {"a",NULL}.
      transaction = [...(statement.values[columns.indexOf('user_id')] ?? '').matchAll(/"(\w+)"/g)].map(
        ([, user]) => user ?? '',
      );
      const error = failureOf(transaction);
      if (error !== undefined) throw error;
    }
    return { rows: [] };
  };
  const client = { query, release: () => undefined } as unknown as PoolClient;
  const options = {
    pool: { connect: async () => client } as unknown as Pool,
    counts: { written: 0, dead: 0, deadDropped: 0, trimmed: 0, claimed: 0, lost: 0 },
    onBatch: () => undefined,
  } as unknown as BatchOptions;
  const deadLettered: string[] = [];
  const limit = createBatchLimit();
  const writer = createEventWriter(options, limit, async (_text, reason) => void deadLettered.push(reason));
  const write = (users: readonly string[]) => writer.write(users.map((user) => ({ event: eventOf(user), bytes: 100 })));
  return { write, writer, written, deadLettered, limit };
}

const users = ['a', 'b', 'poison', 'c', 'd'];
const good = ['a', 'b', 'c', 'd'];
const poisonedBy = (code: string) => (batch: readonly string[]) =>
  batch.includes('poison') ? failure(code) : undefined;

describe('write', () => {
  it.each(['22P02', '21000', '57014'])(
    'finds the event that fails with %s, dead-letters it and writes the others',
    async (code) => {
      const { write, written, deadLettered } = setUp(poisonedBy(code));
      await write(users);
      expect(written).toEqual(good);
      expect(deadLettered).toEqual([code]);
    },
  );

  it.each(['XX000', '57P01', 'ECONNRESET'])('suspects the events after three failures with %s', async (code) => {
    const { write, written, deadLettered } = setUp(poisonedBy(code));
    for (let i = 0; i < 2; i++) await expect(write(users)).rejects.toThrow(code);
    expect(written).toEqual([]);
    await write(users);
    expect(written).toEqual(good);
    expect(deadLettered).toEqual([code]);
  });

  it.each(['22P02', '57014', 'XX000', 'ECONNREFUSED', '42501', '25006', 'P0001'])(
    'dead-letters nothing while Postgres fails with %s for all',
    async (code) => {
      const { write, deadLettered } = setUp(() => failure(code));
      for (let i = 0; i < 10; i++) await expect(write(users)).rejects.toThrow(code);
      expect(deadLettered).toEqual([]);
    },
  );

  it.each(['53100', '53300', '58030', '40P01', '55P03'])('never dead-letters for %s', async (code) => {
    const { write, deadLettered } = setUp(poisonedBy(code));
    for (let i = 0; i < 10; i++) await expect(write(users)).rejects.toThrow(code);
    expect(deadLettered).toEqual([]);
  });

  it('halves a batch that takes too long, and remembers it', async () => {
    const { write, written, deadLettered, limit } = setUp((batch) =>
      batch.length > 10 ? failure('57014') : undefined,
    );
    const many = Array.from({ length: 100 }, (_, i) => `u${i}`);
    await write(many);
    expect(written).toEqual(many);
    expect(deadLettered).toEqual([]);
    expect(limit.events).toBeLessThan(30);
  });

  it('writes no more bytes at once than the limit has', async () => {
    const sizes: number[] = [];
    const { writer } = setUp((batch) => {
      sizes.push(batch.length);
      return undefined;
    });
    await writer.write(['a', 'b', 'c', 'd', 'e'].map((user) => ({ event: eventOf(user), bytes: 1_900_000 })));
    await writer.write([{ event: eventOf('a'), bytes: 7_000_000 }]);
    expect(sizes).toEqual([2, 2, 1, 1]);
  });

  it('forgets failures once all is settled', async () => {
    let code: string | undefined = 'ECONNRESET';
    const { write, writer } = setUp(() => (code === undefined ? undefined : failure(code)));
    for (let i = 0; i < 2; i++) await expect(write(users)).rejects.toThrow();
    code = undefined;
    await write(users);
    writer.settled();
    code = 'ECONNRESET';
    await expect(write(users)).rejects.toThrow();
  });
});
