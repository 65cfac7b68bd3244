import { viewLink } from './view-link';

const shown = {
  panelId: 1,
  flowId: 'f',
  nodeId: null,
  view: 'timeline',
  fromTs: 1_000,
  toTs: 2_000,
  flowStartedTs: 1_500.5,
  flowEndedTs: 1_600,
} as const;

describe('viewLink', () => {
  it('pins flow, view and times, and keeps the rest', () => {
    const link = viewLink('http://g/sub/d/x?var-user=a%26b&from=now-1h&to=now&fp-1-node=9', shown);
    expect(link).toBe('http://g/sub/d/x?var-user=a%26b&from=1000&to=2000&fp-1-flow=f&fp-1-view=timeline');
  });

  it('reaches to a flow that lies outside of the time range', () => {
    const { searchParams } = new URL(viewLink('http://g/', { ...shown, flowStartedTs: 500.5, flowEndedTs: 2_500.2 }));
    expect([searchParams.get('from'), searchParams.get('to')]).toEqual(['500', '2501']);
  });
});
