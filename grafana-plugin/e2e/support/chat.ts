import { readConfig } from './config.js';

const { bridgeUrl, chatUrl, controlToken } = readConfig();

/** Switches monitoring on for an hour. */
export async function monitor(user: string): Promise<void> {
  const response = await fetch(`${bridgeUrl}/api/v1/monitoring/enable/${encodeURIComponent(user)}?ttl_hours=1`, {
    method: 'POST',
    headers: { authorization: `Bearer ${controlToken}` },
  });
  if (!response.ok) throw new Error(`The bridge answered ${response.status}: ${await response.text()}`);
}

/** Asks the demo chat server as a user, and resolves when the answer has ended. */
export async function ask(user: string, message = 'Hello'): Promise<void> {
  const response = await fetch(`${chatUrl}/api/v1/ask/stream`, {
    method: 'POST',
    headers: { authorization: `Bearer demo-${user}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message }),
  });
  if (!response.ok) throw new Error(`The chat server answered ${response.status}`);
  await response.text();
}
