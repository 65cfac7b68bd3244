import { createFlowIds } from '@flow-tracking/protocol';
import type { StreamEntry } from './history-stream';
import { readEvents } from './stream-events';

const flow_id = createFlowIds()(Date.now());
const event = { type: 'flow_identified', flow_id, seq: 0, ts: 1, user_id: 'u' };

function entryOf(events: string, more: Partial<StreamEntry> = {}): StreamEntry {
  return { id: '1-0', events, bytes: Buffer.byteLength(events), isCut: false, ...more };
}

/** What an entry comes to: events, and reasons of what was dead-lettered. */
async function read(entry: StreamEntry) {
  const deadLettered: [reason: string, bytes: number | undefined][] = [];
  const events = await readEvents(async (_text, reason, bytes) => void deadLettered.push([reason, bytes]), entry);
  return { events, deadLettered };
}

describe('readEvents', () => {
  it('sizes events by the mean, and those of a large entry each by itself', async () => {
    const small = await read(entryOf(JSON.stringify([event, event])));
    expect(small.events.map(({ bytes }) => bytes)).toEqual(
      Array(2).fill(Math.ceil(JSON.stringify([event, event]).length / 2)),
    );
    const large = { ...event, padding: 'x'.repeat(300_000) };
    const { events } = await read(entryOf(JSON.stringify([event, large])));
    expect(events.map(({ bytes }) => bytes)).toEqual([JSON.stringify(event).length, JSON.stringify(large).length]);
  });

  it('dead-letters what is no event, and an event that is too large', async () => {
    const huge = { ...event, padding: 'x'.repeat(9 * 1024 * 1024) };
    const { events, deadLettered } = await read(entryOf(JSON.stringify([event, { type: 'x' }, huge])));
    expect(events).toHaveLength(1);
    expect(deadLettered.map(([reason]) => reason)).toEqual([
      expect.stringMatching(/^flow_id: expected/),
      expect.stringMatching(/^event: expected at most 8388608 bytes/),
    ]);
  });

  it('dead-letters an entry that was too large to be read, with its size', async () => {
    const { deadLettered } = await read(entryOf('[{"type"', { bytes: 100_000_000, isCut: true }));
    expect(deadLettered).toEqual([['entry: expected fewer bytes, got 100000000', 100_000_000]]);
  });
});
