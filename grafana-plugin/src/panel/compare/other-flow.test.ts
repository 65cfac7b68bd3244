import { testFlow, testNode } from '../layout/test-forest';
import { isLoaded, othersOf } from './other-flow';

const flow = testFlow([], { id: 'shown', sessionId: 's1', startedTs: 5_000 });

describe('othersOf', () => {
  it('begins with the newest of the same name that ended well, those of the same session before others', () => {
    const others = [
      testFlow([], { id: 'other name', name: 'GET /', sessionId: 's1', startedTs: 9_000 }),
      testFlow([], { id: 'failed', status: 'error', sessionId: 's1', startedTs: 8_000 }),
      testFlow([], { id: 'other session', sessionId: 's2', startedTs: 7_000 }),
      testFlow([], { id: 'older', sessionId: 's1', startedTs: 2_000 }),
      testFlow([], { id: 'newer', sessionId: 's1', startedTs: 3_000 }),
    ];
    const order = othersOf(flow, [flow, ...others]).map(({ id }) => id);
    expect(order).toEqual(['newer', 'older', 'other session', 'failed', 'other name']);
  });

  it('takes no two flows without a session for flows of one', () => {
    const alone = testFlow([], { id: 'alone', sessionId: null });
    const others = [
      testFlow([], { id: 'a', sessionId: null, startedTs: 1 }),
      testFlow([], { id: 'b', startedTs: 2, sessionId: 's' }),
    ];
    expect(othersOf(alone, others).map(({ id }) => id)).toEqual(['b', 'a']);
  });
});

describe('isLoaded', () => {
  it('is false for a flow that had checkpoints of which none is there', () => {
    expect(isLoaded(testFlow([], { checkpointCount: 3 }))).toBe(false);
    expect(isLoaded(testFlow([], { checkpointCount: 0 }))).toBe(true);
    expect(isLoaded(testFlow([testNode(0, null)]))).toBe(true);
  });
});
