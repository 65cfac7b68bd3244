import { NO_FLOWS, reduceFlows, viewFlows } from '@flow-tracking/protocol/model';
import { chatEvents, T0 } from '../../../protocol/src/testing/sample-events';
import panel from '../panel/plugin.json';
import { rowsMeta, type FlowFrameMeta } from './meta';
import { toFrames } from './to-frames';

const meta: FlowFrameMeta = {
  kind: 'flow-tracking',
  mode: 'history',
  target: { select: 'user', ids: ['123'] },
  ready: true,
  connection: null,
  monitoring: [{ userId: '123', enabled: true, expiresTs: T0 }],
  clockOffsetMs: 0,
  lastEventTs: null,
  revision: 0,
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
    expect(frames.map(rowsMeta)).toEqual([null, { kind: 'flow-tracking-rows', revision: 0, journal: [] }]);
  });

  it('are drawn by the flow panel in Explore', () => {
    expect(frames.map((frame) => frame.meta?.preferredVisualisationPluginId)).toEqual([panel.id, panel.id]);
  });

  it('carry notices, and keep ids that look like numbers', () => {
    const notice = { severity: 'warning', text: 'Showing 6 of 9 checkpoints' } as const;
    const noticed = toFrames(views, meta, 'A', [notice]);
    expect(noticed[0]?.meta?.notices).toEqual([notice]);
    const ids = noticed[0]?.fields.filter((field) => field.name.endsWith('_id') && field.name !== 'trace_id');
    expect(ids?.map((field) => [field.name, field.config.unit])).toEqual([
      ['user_id', 'string'],
      ['session_id', 'string'],
      ['flow_id', 'string'],
    ]);
  });
});
