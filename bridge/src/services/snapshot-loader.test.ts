import type { SnapshotFrame } from '@flow-tracking/protocol';
import { pino } from 'pino';
import { createSnapshotLoader } from './snapshot-loader';

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
  const loadSnapshot = createSnapshotLoader({
    load,
    encode: (frame) => Buffer.from(frame.user_id),
    logger: pino({ level: 'silent' }),
  });
  return { loads, loadSnapshot, mostRunning: () => mostRunning };
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
    expect(first).toEqual({ bytes: Buffer.from('ann'), isKnown: true });
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
});
