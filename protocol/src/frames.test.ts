import { parseClientFrame, parseServerFrame } from './frames';

describe('parseClientFrame', () => {
  it('takes subscribe, unsubscribe and ping', () => {
    expect(parseClientFrame('{"type":"subscribe","users":["123","*"]}')).toEqual({
      type: 'subscribe',
      users: ['123', '*'],
    });
    expect(parseClientFrame('{"type":"ping"}')).toEqual({ type: 'ping' });
  });

  it.each([
    ['garbage', '{', 'invalid_json'],
    ['an unknown type', '{"type":"shout"}', 'unknown_type'],
    ['users that are no list', '{"type":"subscribe","users":"123"}', 'invalid_field'],
    ['an empty user', '{"type":"subscribe","users":[""]}', 'invalid_field'],
  ])('refuses %s with a code', (_what, text, code) => {
    expect(() => parseClientFrame(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe('parseServerFrame', () => {
  it('leaves out an event that does not pass, and keeps its neighbours', () => {
    const good = {
      type: 'flow_end',
      flow_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
      seq: 1,
      ts: 2,
      status: 'ok',
      duration_ms: 1,
    };
    const bad: unknown[] = [];
    const frame = parseServerFrame(
      JSON.stringify({ type: 'events', user_id: '123', events: [{ type: 'nonsense' }, good] }),
      (error) => bad.push(error),
    );
    expect(frame).toEqual({ type: 'events', user_id: '123', events: [good] });
    expect(bad).toHaveLength(1);
  });

  it.each([
    ['of an older bridge', '', {}],
    ['that tells the time', ',"now_ts":1700000000000.5', { now_ts: 1_700_000_000_000.5 }],
  ])('reads a hello %s', (_what, more, told) => {
    const hello = { type: 'hello', protocol: 1, instance: 'b1' };
    const text = `{"type":"hello","protocol":1,"instance":"b1"${more}}`;
    expect(parseServerFrame(text)).toEqual({ ...hello, ...told });
  });

  it('tells a frame of a newer protocol by its code', () => {
    expect(() => parseServerFrame('{"type":"hologram"}')).toThrow(expect.objectContaining({ code: 'unknown_type' }));
  });
});
