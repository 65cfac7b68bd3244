import type { RunningFlow } from '@flow-tracking/protocol';
import { askedOf, formatFilters, NO_FILTERS, parseFilters, withText, type Filters } from './filters';

const flow = (flow: Partial<RunningFlow['flow']>, open: RunningFlow['open'] = []): RunningFlow => ({
  flow: {
    flow_id: 'f-1',
    session_id: 's-1',
    user_id: null,
    name: 'POST /ask',
    service: 'chat',
    instance: 'chat-1',
    status: 'running',
    started_ts: 0,
    ended_ts: null,
    duration_ms: null,
    http_status: null,
    error: null,
    ...flow,
  } as RunningFlow['flow'],
  open,
  open_count: open.length,
});

describe('the filters of what runs', () => {
  it.each<Filters>([
    NO_FILTERS,
    { text: ' a&b=c', user: '#h?x&y=1', service: ' lead', minAgeS: 0.5 },
    { text: '', user: '+', service: 'a/b', minAgeS: 600 },
  ])('are the same once they went through an address: %j', (filters) => {
    const said = Object.entries(formatFilters(filters)).filter((entry): entry is [string, string] => entry[1] !== null);
    const address = said.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    expect(parseFilters(new URLSearchParams(address))).toEqual(filters);
  });

  it.each(['', 'x', '-1', 'Infinity', 'NaN', '0'])('take no age from %j', (age) => {
    expect(parseFilters(new URLSearchParams({ min_age_s: age }))).toEqual(NO_FILTERS);
  });

  it('leave out of the request what lets everything pass', () => {
    expect(askedOf(NO_FILTERS)).toEqual({ limit: 500 });
    expect(askedOf({ text: 'x', user: ' a', service: 'b', minAgeS: 2 })).toEqual({
      user: ' a',
      service: ['b'],
      min_duration_ms: 2_000,
      limit: 500,
    });
  });
});

describe('withText', () => {
  const waiting = flow({ flow_id: 'f-2', user_id: 'U.1' }, [
    { node_id: 2, parent_id: null, checkpoint: 'auth', started_ts: 0, attributes: {} },
    {
      node_id: 3,
      parent_id: null,
      checkpoint: 'call',
      started_ts: 0,
      attributes: { 'gen_ai.tool.name': 'Search', 'gen_ai.request.model': 'sim-1' },
    },
  ]);
  const flows = [flow({}), waiting];

  it.each(['u.1', 'F-2', 'AUTH', 'call', 'sear', 'SIM-'])('finds %j in any column', (text) => {
    expect(withText(flows, text)).toEqual([waiting]);
  });

  it('takes the text as it is, and keeps the order', () => {
    expect(withText(flows, 'u+1')).toEqual([]);
    expect(withText(flows, '.*')).toEqual([]);
    expect(withText(flows, 'post /')).toEqual(flows);
    expect(withText(flows, '')).toBe(flows);
  });
});
