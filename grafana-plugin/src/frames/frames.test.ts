import type { DataFrame, FieldType } from '@grafana/data';
import { NO_FLOWS, reduceFlows, viewFlows } from '@flow-tracking/protocol/model';
import { chatEvents, FLOW_ID, T0 } from '../../../protocol/src/testing/sample-events';
import { readFlowFrames } from './from-frames';
import type { FlowFrameMeta } from './meta';
import { toFrames } from './to-frames';

const meta: FlowFrameMeta = {
  kind: 'flow-tracking',
  mode: 'live',
  subject: { select: 'user', ids: ['123'] },
  ready: true,
  connection: { state: 'live', reason: null },
  monitoring: [{ userId: '123', enabled: true, expiresTs: T0 }],
  clockOffsetMs: 0,
};
const views = viewFlows(reduceFlows(NO_FLOWS, { kind: 'events', events: chatEvents() }));

describe('frames', () => {
  const frames = toFrames(views, meta, 'A');

  it('are two, with a length, a query id and columns of that length', () => {
    expect(frames.map((frame) => [frame.name, frame.refId, frame.length])).toEqual([
      ['flows', 'A', 1],
      ['checkpoints', 'A', 6],
    ]);
    for (const frame of frames) {
      for (const field of frame.fields) expect(field.values).toHaveLength(frame.length);
    }
  });

  it('are read back as the flows they were made of', () => {
    const { flows, meta: read, recognized } = readFlowFrames(frames);
    expect(recognized).toBe(true);
    expect(read).toEqual(meta);
    expect(flows).toHaveLength(1);
    expect(flows[0]).toMatchObject({
      id: FLOW_ID,
      userId: '123',
      status: 'ok',
      durationMs: 110,
      errorCount: 1,
      missing: '',
      lastSeq: 11,
    });
    expect(flows[0]?.nodes.list.map((node) => [node.id, node.parentId, node.checkpoint])).toEqual([
      ['1', null, 'auth_check'],
      ['3', null, 'usage_check'],
      ['4', null, 'llm_thinking'],
      ['5', '4', 'tool_call'],
      ['7', '4', 'tool_call'],
      ['10', null, 'llm_complete'],
    ]);
    expect(flows[0]?.nodes.list[4]?.error).toEqual({ type: 'SmtpError', message: 'SMTP 550' });
  });

  it('carry notices, each of which is read once, and keep ids that look like numbers', () => {
    const notice = { severity: 'warning', text: 'Showing 6 of 9 checkpoints' } as const;
    const noticed = toFrames(views, meta, 'A', [notice]);
    expect(noticed[0]?.meta?.notices).toEqual([notice]);
    expect(readFlowFrames([...noticed, ...noticed]).notices).toEqual([notice]);
    expect(readFlowFrames(frames).notices).toEqual([]);
    const ids = noticed[0]?.fields.filter((field) => field.name.endsWith('_id') && field.name !== 'trace_id');
    expect(ids?.map((field) => [field.name, field.config.unit])).toEqual([
      ['user_id', 'string'],
      ['session_id', 'string'],
      ['flow_id', 'string'],
    ]);
  });

  it('give a flow once when two queries return it', () => {
    const { flows } = readFlowFrames([...frames, ...toFrames(views, meta, 'B')]);
    expect(flows).toHaveLength(1);
    expect(flows[0]?.nodes.list).toHaveLength(6);
  });

  it('are not recognized in other data, and miss columns without harm', () => {
    const other: DataFrame = {
      name: 'x',
      length: 1,
      fields: [{ name: 'a', type: 'number' as FieldType.number, config: {}, values: [1] }],
    };
    expect(readFlowFrames([other])).toEqual({ flows: [], meta: null, notices: [], recognized: false });
    const bare = readFlowFrames([
      { ...other, name: 'flows' },
      { ...other, name: 'checkpoints' },
    ]);
    expect(bare.flows[0]).toMatchObject({ status: 'ok', nodes: { list: [] }, userId: null });
  });
});
