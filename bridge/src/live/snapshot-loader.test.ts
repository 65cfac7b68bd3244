import type { SnapshotFrame } from '@flow-tracking/protocol';
import { pino } from 'pino';
import { createSnapshotLoader, type Asker, type Snapshot } from './snapshot-loader';

interface Load {
  userId: string;
  finish: (error?: Error) => void;
}

function setUp() {
  const loads: Load[] = [];
  let running = 0;
  let mostRunning = 0;
  const load = (userId: string): Promise<SnapshotFrame> => {
    mostRunning = Math.max(mostRunning, ++running);
    return new Promise((resolve, reject) => {
      loads.push({
        userId,
        finish(error) {
          running -= 1;
          if (error !== undefined) reject(error);
          else resolve({ type: 'snapshot', user_id: userId, flows: [], checkpoints: [] });
        },
      });
    });
  };
  const loader = createSnapshotLoader({
    load,
    encode: (frame) => Buffer.from(frame.user_id),
    logger: pino({ level: 'silent' }),
  });
  /** Asks as a client of its own, unless it is told as which. */
  const loadSnapshot = (userId: string, asker: Partial<Asker> = {}): Promise<Snapshot> =>
    loader.load(userId, { client: {}, isWanted: () => true, isReady: () => true, ...asker }) as Promise<Snapshot>;
  return { loads, loader, loadSnapshot, mostRunning: () => mostRunning };
}

/** Lets all that is ready to go on do so. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the loader of snapshots', () => {
  it('loads once for all who ask together', async () => {
    const { loads, loadSnapshot } = setUp();
    const asked = Array.from({ length: 100 }, () => loadSnapshot('ann'));
    await turn();
    expect(loads).toHaveLength(1);
    loads[0]?.finish();
    const [first, ...others] = await Promise.all(asked);
    expect(first).toMatchObject({ bytes: Buffer.from('ann'), isKnown: true });
    for (const snapshot of others) expect(snapshot.bytes).toBe(first?.bytes);
  });

  it('gives nobody a snapshot that was begun before they asked', async () => {
    const { loads, loadSnapshot } = setUp();
    void loadSnapshot('ann');
    await turn();
    const late = Promise.all([loadSnapshot('ann'), loadSnapshot('ann')]);
    await turn();
    expect(loads).toHaveLength(1);
    loads[0]?.finish();
    await turn();
    expect(loads).toHaveLength(2);
    loads[1]?.finish();
    await late;
  });

  it('loads four at a time, and all of them in the end', async () => {
    const { loads, loadSnapshot, mostRunning } = setUp();
    const asked = Array.from({ length: 50 }, (_, i) => loadSnapshot(`user ${i}`));
    for (let i = 0; i < 50; i++) {
      await turn();
      loads[i]?.finish();
    }
    await Promise.all(asked);
    expect(new Set(loads.map(({ userId }) => userId)).size).toBe(50);
    expect(mostRunning()).toBe(4);
  });

  it('says that it knows nothing when history can not be read, and tries anew when asked again', async () => {
    const { loads, loadSnapshot } = setUp();
    const failed = loadSnapshot('ann');
    await turn();
    loads[0]?.finish(new Error('away'));
    expect(await failed).toMatchObject({ isKnown: false });
    const again = loadSnapshot('ann');
    await turn();
    loads[1]?.finish();
    expect(await again).toMatchObject({ isKnown: true });
  });

  it('begins two for one client at most, and lets clients take turns', async () => {
    const { loads, loadSnapshot } = setUp();
    const greedy = { client: {} };
    for (let i = 0; i < 128; i++) void loadSnapshot(`greedy ${i}`, greedy);
    await turn();
    expect(loads.map(({ userId }) => userId)).toEqual(['greedy 0', 'greedy 1']);
    void loadSnapshot('ann');
    await turn();
    expect(loads.at(-1)?.userId).toBe('ann');
    loads[0]?.finish();
    await turn();
    expect(loads.at(-1)?.userId).toBe('greedy 2');
  });

  it('drops what nobody wants any more before it begins', async () => {
    const { loads, loadSnapshot } = setUp();
    let isWanted = true;
    const client = {};
    const asked = Array.from({ length: 10 }, (_, i) => loadSnapshot(`user ${i}`, { client, isWanted: () => isWanted }));
    await turn();
    isWanted = false;
    for (const load of [...loads]) load.finish();
    expect((await Promise.all(asked)).map((snapshot) => snapshot?.isKnown)).toEqual([
      true,
      true,
      ...Array<undefined>(8).fill(undefined),
    ]);
    expect(loads).toHaveLength(2);
  });

  it('waits for a client that has not read what it got, and for no other', async () => {
    const { loads, loader, loadSnapshot } = setUp();
    let isReady = false;
    void loadSnapshot('slow', { isReady: () => isReady });
    void loadSnapshot('ann');
    await turn();
    expect(loads.map(({ userId }) => userId)).toEqual(['ann']);
    isReady = true;
    loader.wake();
    await turn();
    expect(loads.map(({ userId }) => userId)).toEqual(['ann', 'slow']);
  });
});
