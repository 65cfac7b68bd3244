import { createFlowNodes } from '../frames/flow-nodes';
import type { PanelFlow, PanelNode } from '../frames/panel-flow';
import { lastEventTs } from './last-event';

const node = (id: string, startedTs: number, endedTs: number | null) => ({ id, startedTs, endedTs }) as PanelNode;

describe('lastEventTs', () => {
  it('is the latest begin or end of anything, as flows grow', () => {
    const nodes = createFlowNodes([node('1', 20, 90), node('2', 30, null)]);
    const running = { startedTs: 10, durationMs: null, nodes } as unknown as PanelFlow;
    expect(lastEventTs([])).toBeNull();
    expect(lastEventTs([running])).toBe(90);
    nodes.put(node('2', 30, 120));
    expect(lastEventTs([running])).toBe(120);
    expect(
      lastEventTs([running, { startedTs: 100, durationMs: 55, nodes: createFlowNodes() } as unknown as PanelFlow]),
    ).toBe(155);
  });
});
