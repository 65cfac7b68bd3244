import type { Request } from 'express';
import { routeOf, traceIdOf } from './http-flow';

const request = (originalUrl: string, baseUrl: string, path: unknown): Request =>
  ({ originalUrl, baseUrl, route: { path } }) as unknown as Request;

describe('routeOf', () => {
  it.each<[string, string, unknown, string]>([
    ['/ask/7?x=/a/b', '', '/ask/:id', '/ask/:id'],
    ['/', '', '/', '/'],
    ['/api/7', '/api', '/:x', '/api/:x'],
    ['/api/7/', '/api', '/:x', '/api/:x'],
    ['/api', '/api', '/', '/api'],
    ['/files/a/b', '', '/files/*path', '/files/*path'],
    ['/a/b', '', /^\/a/, '/^\\/a/'],
    ['/a', '', ['/a', '/b'], '/a,/b'],
    // An error has left the router.
    ['/api/v1/7?x=1', '', '/:x', '/api/v1/:x'],
    ['/api/v1/7', '/api', '/:x', '/api/v1/:x'],
    ['/api', '', '/', '/api'],
    // A rewritten URL.
    ['/old/a/b', '', '/ask/:id', '/ask/:id'],
    ['/b', '', '/ask/:id', '/ask/:id'],
  ])('of %s below %j and the pattern %p is its name', (originalUrl, baseUrl, path, expected) => {
    expect(routeOf(request(originalUrl, baseUrl, path))).toBe(expected);
  });

  it('is unknown before there is a route', () => {
    expect(routeOf({ originalUrl: '/', baseUrl: '' } as Request)).toBeUndefined();
  });
});

describe('traceIdOf', () => {
  it.each([
    ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '0af7651916cd43dd8448eb211c80319c'],
    ['00-00000000000000000000000000000000-b7ad6b7169203331-01', undefined],
    ['00-0af7651916cd43dd-b7ad6b7169203331-01', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %p is %p', (header, expected) => {
    expect(traceIdOf(header)).toBe(expected);
  });
});
