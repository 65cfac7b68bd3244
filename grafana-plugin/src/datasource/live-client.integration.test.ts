import { BehaviorSubject } from 'rxjs';
import { WebSocket } from 'ws';
import { connectLive, type LiveMessage } from './live-client';
import { startTestBridge } from '../../../test/support/bridge';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../../../test/support/services';
import { startTcpProxy, type TcpProxy } from '../../../test/support/tcp-proxy';
import { waitFor } from '../../../test/support/wait-for';

let database: TestDatabase;
let bridge: Awaited<ReturnType<typeof startTestBridge>>;
let proxy: TcpProxy;

beforeAll(async () => {
  Object.assign(globalThis, { WebSocket });
  database = await createTestDatabase();
  bridge = await startTestBridge({ databaseUrl: database.url, prefix: uniquePrefix() });
  proxy = await startTcpProxy(bridge.port);
});

afterAll(async () => {
  await proxy.close();
  await bridge.stop();
  await database.drop();
});

describe('the live client, before a bridge that answers', () => {
  it('stays live in silence, says that nothing passes any more, and comes back', async () => {
    const messages: LiveMessage[] = [];
    const states = () =>
      messages.flatMap((message) => (message.kind === 'connection' ? [message.connection.state] : []));
    const subscription = connectLive({
      url: `ws://127.0.0.1:${proxy.port}/ws/flows`,
      pollUrl: `http://127.0.0.1:${proxy.port}/api/v1/live`,
      users: new BehaviorSubject<ReadonlySet<string>>(new Set(['ann'])),
    }).subscribe((message) => messages.push(message));
    await waitFor('a pong, so a ping before', () =>
      messages.some((message) => message.kind === 'frame' && message.frame.type === 'pong'),
    );
    expect(states()).toEqual(['connecting', 'live']);

    proxy.setMode('stall');
    await waitFor('it reconnects', () => states().at(-1) === 'reconnecting');
    expect(states()).toEqual(['connecting', 'live', 'stale', 'reconnecting']);

    proxy.setMode('pass');
    await waitFor('it is live again', () => states().at(-1) === 'live');
    subscription.unsubscribe();
  });
});
