import type { Request } from 'express';
import { createRouteTexts } from './route-texts';

const routeOf = (req: Request): string | undefined =>
  createRouteTexts((_method, route) => ({ nameText: route, attributesText: '' }))(req)?.nameText;

const request = (originalUrl: string, baseUrl: string | undefined, path: unknown): Request =>
  ({ method: 'GET', originalUrl, baseUrl, route: { path } }) as unknown as Request;

describe('the texts of a route', () => {
  it.each<[string, string | undefined, unknown, string]>([
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
    // An error has left the app.
    ['/ask/7', undefined, '/ask/:id', '/ask/:id'],
    ['/b', undefined, /^.b/, '/^.b/'],
    // A rewritten URL.
    ['/old/a/b', '', '/ask/:id', '/ask/:id'],
    ['/b', '', '/ask/:id', '/ask/:id'],
  ])('of %s below %j and the pattern %p is its name', (originalUrl, baseUrl, path, expected) => {
    expect(routeOf(request(originalUrl, baseUrl, path))).toBe(expected);
  });

  it('is unknown before there is a route', () => {
    expect(routeOf({ method: 'GET', originalUrl: '/', baseUrl: '' } as Request)).toBeUndefined();
  });

  it('are made once for each method and mount path', () => {
    let made = 0;
    const textsOf = createRouteTexts((method, route) => {
      made += 1;
      return { nameText: `${method} ${route}`, attributesText: '' };
    });
    const route = { path: '/:x' };
    const names = [
      ['GET', '/a/1', '/a'],
      ['GET', '/a/2', '/a'],
      ['POST', '/a/1', '/a'],
      ['GET', '/b/1', '/b'],
    ].map(([method, originalUrl, baseUrl]) => textsOf({ method, originalUrl, baseUrl, route } as Request)?.nameText);
    expect(names).toEqual(['GET /a/:x', 'GET /a/:x', 'POST /a/:x', 'GET /b/:x']);
    expect(made).toBe(3);
  });
});
