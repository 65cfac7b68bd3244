import { redisKeys } from '@flow-tracking/protocol';
import type { Batch, WriteResult } from '../record/batch';
import type { Logger } from '../record/logger';
import { logWrites } from './sink';

const events = [
  { type: 'flow_start', flow_id: 'F', seq: 0 },
  { type: 'checkpoint', flow_id: 'F', seq: 1, node_id: 1, checkpoint: 'auth_check', status: 'ok' },
  { type: 'checkpoint_end', flow_id: 'F', seq: 2, node_id: 1, checkpoint: 'a\r\n[FLOW] forged', status: 'error' },
];
const batch = (): Batch => ({
  blocks: [{ bytes: Buffer.from(JSON.stringify(events)), count: 3 }],
  frames: [
    {
      userId: 'a:b',
      bytes: Buffer.from(JSON.stringify({ type: 'events', user_id: 'a:b', events: events.slice(1, 2) })),
    },
  ],
});

async function linesOf(result: WriteResult, change: Partial<Logger> = {}): Promise<string[]> {
  const lines: string[] = [];
  const add = (_fields: object, message: string): void => void lines.push(message);
  const logger: Logger = { debug: add, info: add, warn: add, error: add, ...change };
  const sink = logWrites({ isReady: () => true, write: () => Promise.resolve(result) }, logger, redisKeys());
  expect(await sink.write(batch())).toBe(result);
  return lines;
}

describe('logWrites', () => {
  it('tells what the stream has and what was published, a line each', async () => {
    expect(await linesOf({ stored: 1, unpublished: [] })).toEqual([
      '[FLOW] → Redis Stream: flow_start',
      '[FLOW] → Redis Stream: auth_check (node: 1)',
      '[FLOW] → Redis Stream: a\\r\\n[FLOW] forged (node: 1, ended: error)',
      '[FLOW] ⚡ Published: auth_check (node: 1)',
    ]);
  });

  it('tells nothing that Redis did not take', async () => {
    const { frames } = batch();
    const sink = {
      isReady: () => true,
      write: ({ frames: own }: Batch) => Promise.resolve({ stored: 0, unpublished: own }),
    };
    const lines: string[] = [];
    const add = (_fields: object, message: string): void => void lines.push(message);
    await logWrites(sink, { debug: add, info: add, warn: add, error: add }, redisKeys()).write({
      blocks: batch().blocks,
      frames,
    });
    expect(lines).toEqual([]);
  });

  it('parses nothing while debug is off', async () => {
    expect(await linesOf({ stored: 1, unpublished: [] }, { isLevelEnabled: (level) => level !== 'debug' })).toEqual([]);
  });

  it('survives a logger that throws', async () => {
    const debug = (): never => {
      throw new Error('full disk');
    };
    expect(await linesOf({ stored: 1, unpublished: [] }, { debug })).toEqual([]);
  });
});
