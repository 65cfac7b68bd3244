import type { CheckpointRecord, FlowDetail, FlowRecord } from '@flow-tracking/protocol';
import { createFlowStore } from '@flow-tracking/protocol/model';
import { createFlowNodes } from '../../frames/flow-nodes';
import type { PanelFlow, PanelNode } from '../../frames/panel-flow';
import { panelFlowFile, readFlowFile } from './flow-file';

const ID = '01JQ0000000000000000000000';
const node = (id: string, parentId: string | null): PanelNode => ({
  id,
  parentId,
  checkpoint: 'tool_call',
  status: 'ok',
  startedTs: 1_000,
  endedTs: 1_200,
  durationMs: 200,
  error: null,
  attributes: { a: 1 },
});
const flow: PanelFlow = {
  id: ID,
  sessionId: 's',
  userId: 'u',
  name: 'POST /x',
  service: 'chat',
  status: 'ok',
  startedTs: 1_000,
  durationMs: 500,
  httpStatus: 200,
  error: null,
  traceId: null,
  checkpointCount: 2,
  errorCount: 0,
  missing: '',
  lastSeq: 5,
  attributes: {},
  nodes: createFlowNodes([node('1', null), node('2', '1')]),
  links: () => [],
};

const record = (lastSeq: number, count: number) =>
  ({ flow_id: ID, last_seq: lastSeq, checkpoint_count: count }) as FlowRecord;
const checkpoint = (id: number) => ({ flow_id: ID, node_id: id }) as CheckpointRecord;

describe('panelFlowFile', () => {
  it('has the shape that the model reads back', () => {
    const file = panelFlowFile(flow, '');
    const store = createFlowStore();
    store.apply({ kind: 'records', flows: [file.flow], checkpoints: file.checkpoints, complete: true });
    const read = store.get(ID);
    expect(read?.record()).toMatchObject({ flow_id: ID, user_id: 'u', status: 'ok', duration_ms: 500 });
    expect(read?.checkpoint(2)).toMatchObject({ parent_id: 1, duration_ms: 200, attributes: { a: 1 } });
    expect(file).not.toHaveProperty('incomplete');
  });

  it('says which events and how many checkpoints are missing', () => {
    const { incomplete } = panelFlowFile({ ...flow, missing: '3–4', checkpointCount: 9 }, '');
    expect(incomplete).toBe('Events 3–4 have not arrived. Only 2 of the flow’s 9 checkpoints are loaded.');
  });

  it('keeps ids of traces as they are', () => {
    const nodes = createFlowNodes([node('ab12', null)]);
    expect(panelFlowFile({ ...flow, nodes }, '').checkpoints[0]?.node_id).toBe('ab12');
  });
});

describe('readFlowFile', () => {
  it('joins all pages that history has', async () => {
    const pages: FlowDetail[] = [
      { flow: record(5, 3), checkpoints: [checkpoint(1), checkpoint(2)], next_cursor: 'c' },
      { flow: record(5, 3), checkpoints: [checkpoint(3)], next_cursor: null },
    ];
    const file = await readFlowFile(flow, async (_, cursor) => pages[cursor === undefined ? 0 : 1]!);
    expect(file).toEqual({
      flow: record(5, 3),
      checkpoints: [checkpoint(1), checkpoint(2), checkpoint(3)],
      next_cursor: null,
    });
  });

  it('takes what the panel shows while history is behind, and says so', async () => {
    const file = await readFlowFile(flow, async () => ({ flow: record(4, 1), checkpoints: [], next_cursor: null }));
    expect(file.checkpoints).toHaveLength(2);
    expect(file.incomplete).toMatch(/latest events/);
  });

  it('takes what the panel shows when history fails, and says why', async () => {
    const file = await readFlowFile(flow, () => Promise.reject(new Error('gone')));
    expect(file.checkpoints).toHaveLength(2);
    expect(file.incomplete).toMatch(/\(gone\)/);
  });

  it('says when history itself has not all', async () => {
    const file = await readFlowFile(flow, async () => ({
      flow: record(5, 3),
      checkpoints: [checkpoint(1)],
      next_cursor: null,
    }));
    expect(file.incomplete).toBe('History holds 1 of the flow’s 3 checkpoints.');
  });
});
