import { createConsoleLogger, createGate, createWarn, LOG_LEVELS, type Logger } from './logger';

function collect(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const add = (fields: object, message: string): void => void lines.push(JSON.stringify({ ...fields, message }));
  return { lines, logger: { debug: add, info: add, warn: add, error: add } };
}

describe('createConsoleLogger', () => {
  const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

  it.each(LOG_LEVELS)('writes what is of the level %s and above', (level) => {
    const written: unknown[] = [];
    const spies = LEVELS.map((name) =>
      jest.spyOn(console, name).mockImplementation((...args: unknown[]) => void written.push([name, ...args])),
    );
    const logger = createConsoleLogger(level);
    for (const name of LEVELS) logger[name]({ of: name }, 'text');
    for (const spy of spies) spy.mockRestore();
    const told = LEVELS.slice(LOG_LEVELS.indexOf(level));
    expect(written).toEqual(told.map((name) => [name, '[flow-tracking] text', { of: name }]));
    expect(LEVELS.filter((name) => logger.isLevelEnabled?.(name))).toEqual(told);
  });
});

describe('createGate', () => {
  it('passes each level on as it is, and asks for none where the logger can not tell', () => {
    const told: string[] = [];
    const of = (level: string) => (): void => void told.push(level);
    const { logger } = createGate({ debug: of('debug'), info: of('info'), warn: of('warn'), error: of('error') });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level]({}, '');
    expect(told).toEqual(['debug', 'info', 'warn', 'error']);
    expect(logger).not.toHaveProperty('isLevelEnabled');
  });

  it('passes all on until it is shut', () => {
    const { logger, lines } = collect();
    const gate = createGate({ ...logger, isLevelEnabled: (level) => level === 'debug' });
    gate.logger.warn({}, 'before');
    expect(gate.logger.isLevelEnabled?.('debug')).toBe(true);
    expect(gate.logger.isLevelEnabled?.('trace')).toBe(false);
    gate.shut();
    gate.logger.warn({}, 'after');
    gate.logger.debug({}, 'after');
    expect(gate.logger.isLevelEnabled?.('debug')).toBe(false);
    expect(lines).toEqual(['{"message":"before"}']);
  });
});

describe('createWarn', () => {
  it('warns once a minute and code, and says how often it did not', () => {
    const { logger, lines } = collect();
    let nowMs = 0;
    const warn = createWarn(logger, () => nowMs);
    for (nowMs of [0, 1, 59_999, 60_000]) warn('write_failed', 'Failed');
    warn('other', 'Something else');
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      { code: 'write_failed', suppressed: 0, message: 'Failed' },
      { code: 'write_failed', suppressed: 2, message: 'Failed' },
      { code: 'other', suppressed: 0, message: 'Something else' },
    ]);
  });

  it('tells what an error says, and not the command that it carries', () => {
    const { logger, lines } = collect();
    const refused = Object.assign(new Error('WRONGPASS invalid'), { command: { name: 'auth', args: ['hunter2'] } });
    createWarn(logger)('redis_unreachable', 'No connection', { error: refused });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ error: { type: 'Error', message: 'WRONGPASS invalid' } });
    expect(lines[0]).not.toContain('hunter2');
  });

  it('passes on what else is told', () => {
    const { logger, lines } = collect();
    createWarn(logger)('other', 'Text', { limit: 7 });
    expect(JSON.parse(lines[0] ?? '')).toEqual({ code: 'other', suppressed: 0, limit: 7, message: 'Text' });
  });

  it('survives a logger that throws', () => {
    const { logger } = collect();
    const warn = createWarn({
      ...logger,
      warn: () => {
        throw new Error('full disk');
      },
    });
    expect(() => warn('write_failed', 'Failed')).not.toThrow();
  });
});
