import { createLogger } from './logger';

const HOSTILE = 'x\r\n[12:00:00.000] INFO: [FLOW-API] forged\u001b[31m\u009b2J\u202e';

/** A logger and what it has written. */
function capture(format: 'json' | 'pretty', level = 'debug') {
  let text = '';
  const logger = createLogger(level, format, { write: (chunk: string) => (text += chunk) });
  return { logger, text: () => text };
}

describe('createLogger', () => {
  it('names the component', () => {
    const { logger, text } = capture('pretty');
    logger.child({ component: 'FLOW-WS' }).info('Here');
    expect(text()).toMatch(/INFO.*: \[FLOW-WS\] Here\n$/);
  });

  it.each(['json', 'pretty'] as const)('lets nobody forge a line or send escape codes, in %s', (format) => {
    const { logger, text } = capture(format);
    logger.info({ user: HOSTILE, users: [HOSTILE], reason: HOSTILE }, HOSTILE);
    logger.error({ err: new Error(HOSTILE) }, 'Failed');
    for (const line of text().split('\n')) expect(line).not.toMatch(/^\[12:00/);
    // Of control characters only the ends of lines.
    expect(text()).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(text()).toContain('forged');
  });

  it.each(['json', 'pretty'] as const)('tells no secret and nothing of what users sent, in %s', (format) => {
    const { logger, text } = capture(format);
    const error = Object.assign(new Error('connect to redis://me:hunter2@host failed'), {
      code: 'ECONNREFUSED',
      command: { name: 'auth', args: ['hunter2'] },
      detail: 'Failing row contains (hunter2)',
      cause: new Error('postgres://me:hunter2@host'),
    });
    logger.error({ err: error, headers: { authorization: 'Bearer hunter2' }, password: 'hunter2' }, 'Failed');
    logger.warn({ event: { attributes: { prompt: 'hunter2' } }, token: 'hunter2', reason: error.message }, 'Refused');
    expect(text()).not.toContain('hunter2');
    expect(text()).toContain('ECONNREFUSED');
    expect(text()).toContain('logger.test.ts');
  });

  it('tells the same failure once a minute, and another one at once', () => {
    const { logger, text } = capture('json');
    const failure = (code: string) => ({ err: Object.assign(new Error('away'), { code }) });
    const one = logger.child({ component: 'A' });
    for (let i = 0; i < 100; i++) one.error(failure('ECONNREFUSED'), 'Failed');
    one.error(failure('42P01'), 'Failed');
    logger.child({ component: 'B' }).error(failure('ECONNREFUSED'), 'Failed');
    for (let i = 0; i < 3; i++) logger.info('Every one of these');
    expect(text().match(/"Failed"/g)).toHaveLength(3);
    expect(text().match(/Every one/g)).toHaveLength(3);
  });

  it('says how often a failure was not told', () => {
    jest.useFakeTimers();
    try {
      const { logger, text } = capture('json');
      for (let i = 0; i < 5; i++) logger.warn({ reason: 'away' }, 'Failed');
      jest.advanceTimersByTime(60_000);
      logger.warn({ reason: 'away' }, 'Failed');
      expect(text().split('\n')[1]).toContain('"untold":4');
    } finally {
      jest.useRealTimers();
    }
  });
});
