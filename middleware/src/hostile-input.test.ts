import { parseEvent, redisKeys } from '@flow-tracking/protocol';
import { resolveOptions } from './express/resolve-options';
import { createHarness, outline, START_MS } from './testing/harness';

describe('a flow in the hands of plain JavaScript', () => {
  it('ends with a status that there is, whatever it is given', () => {
    const harness = createHarness();
    for (const status of ['"]}', 'weird', 7, new Error('x')]) harness.flow().end(status as never);
    harness.flow().end('timed_out');
    expect(
      harness
        .events()
        .map(outline)
        .filter((text) => text.startsWith('1')),
    ).toEqual(['1 end ok', '1 end ok', '1 end ok', '1 end ok', '1 end timed_out']);
    expect(harness.misused).toEqual(Array(4).fill('invalid_status'));
  });

  it('leaves out an HTTP status that is none', () => {
    const harness = createHarness();
    for (const status of ['ECONNREFUSED', 1.5, 0, 1000, Number.NaN]) harness.flow().close(status as number, true);
    const ends = harness.events().filter(({ type }) => type === 'flow_end');
    expect(ends).toHaveLength(5);
    for (const end of ends) expect(end).not.toHaveProperty('http_status');
  });

  it('survives an identity whose getter throws, and ids that are no numbers', () => {
    const harness = createHarness();
    const flow = harness.flow();
    flow.identify({
      get userId(): string {
        throw new Error('no');
      },
    });
    flow.identify({ userId: Number(undefined) });
    flow.identify({ userId: 2n ** 64n } as never);
    expect(harness.events().map(outline)).toEqual(['0 start POST /ask', '1 user 18446744073709551616']);
    expect(harness.misused).toEqual(['invalid_id', 'invalid_id']);
  });

  it('asks for its user once at a time when the answer records a checkpoint', () => {
    const harness = createHarness();
    const flow = harness.flow({
      userId: () => {
        flow.checkpoint('asked');
        return undefined;
      },
    });
    flow.checkpoint('auth_check');
    expect(harness.events().map(outline).sort()).toEqual([
      '0 start POST /ask',
      '1 asked ok under top',
      '2 auth_check ok under top',
    ]);
  });
});

it.each(['*', 'a:b', '[a]?', '%00', '../x', 'a\r\nSET x 1', '\u001b[31m', `'"\\`, '__proto__', 'ü😀'])(
  'the user %j is recorded as given, and has a channel that is no pattern and nobody else has',
  (userId) => {
    const { flow, events, published, monitoring } = createHarness();
    monitoring.set(userId, START_MS + 60_000);
    flow({ userId: () => userId }).checkpoint('auth_check');
    expect(events()[0]).toMatchObject({ type: 'flow_start', user_id: userId });
    expect([...published.keys()]).toEqual([userId]);
    const channel = redisKeys().live(userId);
    expect(channel).toMatch(/^flow_events:[\w.~!'()*%-]+$/);
    expect(redisKeys().liveUser(channel)).toBe(userId);
  },
);

it('a redact function that records a checkpoint is not asked within itself', () => {
  let asked = 0;
  const harness = createHarness((attributes) => {
    asked += 1;
    flow.checkpoint('from within', { secret: 'x' });
    return attributes as Record<string, string>;
  });
  const flow = harness.flow();
  flow.checkpoint('auth_check', { plain: 'y' });
  expect(asked).toBe(1);
  expect(harness.events().slice(1)).toMatchObject([
    { checkpoint: 'from within', attributes: { 'flow.redact_failed': true } },
    { checkpoint: 'auth_check', attributes: { plain: 'y' } },
  ]);
});

describe("a flow's signal", () => {
  it('is aborted also when it is first asked for after the client left', () => {
    const flow = createHarness().flow();
    flow.close(undefined, false);
    expect(flow.signal.aborted).toBe(true);
  });

  it('is aborted also when the application had ended the flow', () => {
    const harness = createHarness();
    const flow = harness.flow();
    const { signal } = flow;
    flow.end();
    flow.close(200, false);
    expect(signal.aborted).toBe(true);
    expect(harness.events().map(outline)).toEqual(['0 start POST /ask', '1 end ok']);
  });
});

it('a service that the options take is one that the protocol takes', () => {
  const start = (service: string): unknown => ({
    type: 'flow_start',
    flow_id: '01KAWJ00000000000000000000',
    seq: 0,
    ts: 1,
    session_id: 's',
    name: 'n',
    service,
    instance: 'i',
  });
  for (const service of ['x'.repeat(80), '€'.repeat(80), '😀'.repeat(63)]) {
    expect(parseEvent(start(resolveOptions({ service }, {}).service))).toMatchObject({ service });
  }
  for (const service of ['', 'x'.repeat(81), '😀'.repeat(80), '\0', '\ud800', 'a\nb']) {
    expect(() => resolveOptions({ service }, {})).toThrow('option service: expected a text of 1 to 80 characters');
  }
});
