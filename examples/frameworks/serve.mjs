import { once } from 'node:events';

/** Serves an application on a free port of loopback, calls `ask` with its URL, and stops it. */
export async function serve(app, ask) {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await ask(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Posts JSON and reads the answer to its end. */
export async function post(url, body, headers = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

/** The one flow that was recorded. */
export async function onlyFlow(tracking) {
  const flows = await tracking.flows();
  if (flows.length !== 1) throw new Error(`Expected one flow, got ${flows.length}`);
  return flows[0];
}
