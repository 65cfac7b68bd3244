import { parsePollAnswer } from './poll';

const head = (fields: object = {}) =>
  `\x1e${JSON.stringify({ type: 'poll', cursor: 'c.1', reset: false, ...fields })}\n`;

describe('parsePollAnswer', () => {
  it('gives the cursor, the mark and the frames as they came', () => {
    const frames = ['{"type":"pong"}', '{ "type":\n "pong" }', 'no JSON'];
    const text = head({ reset: true }) + frames.map((frame) => `\x1e${frame}\n`).join('');
    expect(parsePollAnswer(text)).toEqual({ cursor: 'c.1', reset: true, frames: frames.map((frame) => `${frame}\n`) });
  });

  it('takes an answer without frames', () => {
    expect(parsePollAnswer(head())).toEqual({ cursor: 'c.1', reset: false, frames: [] });
  });

  it.each([
    ['', 'invalid_json'],
    ['<html>', 'invalid_json'],
    ['{"error":{}}', 'invalid_json'],
    ['\x1e{', 'invalid_json'],
    ['\x1e[]\n', 'invalid_field'],
    ['\x1e{"type":"pong"}\n', 'unknown_type'],
    [head({ cursor: '' }), 'invalid_field'],
    [head({ cursor: 7 }), 'invalid_field'],
    [head({ reset: 'no' }), 'invalid_field'],
  ])('refuses what is no answer to a poll: %j', (text, code) => {
    expect(() => parsePollAnswer(text)).toThrow(expect.objectContaining({ code }));
  });
});
