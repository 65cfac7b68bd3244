import { describeFailure } from './http-errors';

describe('describeFailure', () => {
  it('takes code and message from the bridge', () => {
    const data = { error: { code: 'session_not_found', message: 'No session "x"' } };
    expect(describeFailure({ status: 404, data })).toEqual({
      status: 404,
      code: 'session_not_found',
      message: 'No session "x"',
    });
  });

  it.each([
    [400, 'Authentication to data source failed', /refused the token/],
    [401, { error: { code: 'unauthorized', message: 'x' } }, /refused the token/],
    [400, { error: { code: 'unauthorized', message: 'Send a control token' } }, /refused the token/],
    [403, { error: { code: 'forbidden', message: 'x' } }, /no valid control token/],
    [403, { message: 'Access denied' }, /Editor or Admin/],
    [502, '', /does not answer/],
    [0, undefined, /does not answer/],
    [418, undefined, /status 418/],
  ])('says what a %i of the proxy means', (status, data, expected) => {
    expect(describeFailure({ status, data, statusText: 'x' }).message).toMatch(expected);
  });

  it('takes anything', () => {
    expect(describeFailure(undefined).message).toMatch(/does not answer/);
    expect(describeFailure(new Error('boom')).message).toBe('boom');
    expect(describeFailure({ status: 'x', data: { error: null } }).status).toBe(0);
  });
});
