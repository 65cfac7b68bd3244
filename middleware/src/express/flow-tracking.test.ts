import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { onConnectionLost } from './flow-tracking';

function createConnection() {
  const socket = Object.assign(new EventEmitter(), { closed: false });
  const calls: string[] = [];
  const add = (name: string): EventEmitter => {
    const res = new EventEmitter();
    onConnectionLost({ socket } as unknown as IncomingMessage, res as ServerResponse, () => calls.push(name));
    return res;
  };
  return { socket, calls, add };
}

describe('onConnectionLost', () => {
  it('tells every response that has not closed, in order', () => {
    const { socket, calls, add } = createConnection();
    add('first');
    const second = add('second');
    add('third');
    second.emit('close');
    socket.emit('close');
    expect(calls).toEqual(['first', 'third']);
  });

  it('adds one listener to a connection, however many wait on it', () => {
    const { socket, add } = createConnection();
    for (let i = 0; i < 20; i++) add(`${i}`);
    expect(socket.listenerCount('close')).toBe(1);
  });

  it('tells at once when the connection is lost already', () => {
    const { socket, calls, add } = createConnection();
    socket.closed = true;
    add('late');
    expect(calls).toEqual(['late']);
    expect(socket.listenerCount('close')).toBe(0);
  });

  it('leaves a request alone that has no connection', () => {
    const res = new EventEmitter();
    onConnectionLost({ socket: null } as unknown as IncomingMessage, res as ServerResponse, () => undefined);
    expect(res.eventNames()).toEqual([]);
  });
});
