import type { PanelFlow } from '../frames/panel-flow';
import { followFlow } from './follow-flow';

const flow = (id: string, startedTs: number, status: PanelFlow['status']) => ({ id, startedTs, status }) as PanelFlow;
const follow = (flows: PanelFlow[], currentId: string | null) => followFlow(flows, currentId)?.id ?? null;

describe('followFlow', () => {
  it('starts with the newest running flow, else the newest', () => {
    expect(follow([flow('c', 3, 'ok'), flow('b', 2, 'running'), flow('a', 1, 'running')], null)).toBe('b');
    expect(follow([flow('c', 3, 'ok'), flow('b', 2, 'error')], null)).toBe('c');
    expect(follow([], null)).toBeNull();
  });

  it('stays when its flow ends, and moves when a later one runs', () => {
    expect(follow([flow('b', 2, 'ok'), flow('a', 1, 'running')], 'b')).toBe('b');
    expect(follow([flow('c', 3, 'running'), flow('b', 2, 'running')], 'b')).toBe('c');
    expect(follow([flow('c', 3, 'ok'), flow('b', 2, 'running')], 'b')).toBe('b');
    expect(follow([flow('c', 3, 'ok')], 'gone')).toBe('c');
  });
});
