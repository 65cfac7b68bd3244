import { Redis } from 'ioredis';
import { messageOf } from './errors';

describe('messageOf', () => {
  it('has a message for whatever was thrown', () => {
    expect([new Error('why'), 'text', undefined].map(messageOf)).toEqual(['why', 'text', 'undefined']);
  });

  it('says what happened where ioredis speaks of its option', async () => {
    const client = new Redis({
      host: '127.0.0.1',
      // Nobody listens there.
      port: 1,
      maxRetriesPerRequest: 0,
      retryStrategy: () => 60_000,
      disconnectTimeout: 1,
    });
    client.on('error', () => undefined);
    const error: unknown = await client.ping().catch((reason: unknown) => reason);
    client.disconnect();
    expect((error as Error).message).toContain('maxRetriesPerRequest');
    expect(messageOf(error)).toBe('The connection to Redis was lost');
  });
});
