import { readConfig } from './config';

it('has defaults for everything', () => {
  expect(readConfig({})).toEqual({
    port: 3001,
    host: '127.0.0.1',
    traffic: true,
    service: 'chat-server',
    openai: undefined,
  });
});

it.each([
  [{ FLOW_DEMO_PORT: 'abc' }, 'FLOW_DEMO_PORT: expected a port from 0 to 65535'],
  [{ FLOW_DEMO_PORT: '70000' }, 'FLOW_DEMO_PORT: expected a port from 0 to 65535'],
  [{ FLOW_DEMO_TRAFFIC: 'maybe' }, 'FLOW_DEMO_TRAFFIC: expected on or off'],
  [{ OPENAI_BASE_URL: 'localhost' }, 'OPENAI_BASE_URL: expected a URL that starts with http(s)://'],
])('refuses %p', (env, message) => {
  expect(() => readConfig(env)).toThrow(expect.objectContaining({ code: 'invalid_config', message }) as Error);
});
