import { pause } from './pause';

const USERS = ['ada', 'grace', 'edsger', 'barbara', 'ken'];
const MESSAGES = [
  'Hello! What can you do?',
  'Where is my order 4711?',
  'How do I export my data?',
  'Please compare the two plans for a small team.',
  'Can I change my order after it has shipped?',
  'This one takes a slow search, thanks for waiting.',
  'Try the import that will fail.',
];
const BETWEEN_REQUESTS_MS = 6_000;
/** How many of the simulated users lose patience, and after how long. */
const LEAVES_EARLY = 0.1;
const PATIENCE_MS = 1_500;

function anyOf<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)] as T;
}

/** Reads the answer to one message, or leaves in the middle of it. Errors are what the demo shows; they are not ours. */
async function chat(url: string, userId: string, stopped: AbortSignal): Promise<void> {
  const patience = Math.random() < LEAVES_EARLY ? [AbortSignal.timeout(PATIENCE_MS)] : [];
  try {
    const answer = await fetch(`${url}/api/v1/ask/stream`, {
      method: 'POST',
      headers: {
        authorization: `Bearer demo-${userId}`,
        'content-type': 'application/json',
        'x-session-id': `${userId}-${new Date().toISOString().slice(0, 13)}`,
      },
      body: JSON.stringify({ message: anyOf(MESSAGES) }),
      signal: AbortSignal.any([stopped, ...patience]),
    });
    await answer.text();
  } catch {
    // Left early, or the server stops.
  }
}

/** Lets a few simulated users chat with the server at `url`, about one message in 6 s, until `stopped`. */
export async function runTraffic(url: string, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    const userId = Math.random() < 0.08 ? anyOf(['blocked', 'broke']) : anyOf(USERS);
    void chat(url, userId, stopped);
    await pause(BETWEEN_REQUESTS_MS, stopped).catch(() => undefined);
  }
}
