// Runs a module of a page. If it has an Express app, asks each of its routes: `node sdk-page-runner.mjs module [[method, path], …]`.
import { once } from 'node:events';

const [, , module = '', routes = '[]'] = process.argv;
await import(module);
const { app } = /** @type {{ app?: import('express').Express }} */ (globalThis);
if (app !== undefined) {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  for (const [method, path] of JSON.parse(routes)) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-user': '123' },
      ...(method === 'POST' && { body: JSON.stringify({ question: 'Why?' }) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  }
}
console.log('done');
