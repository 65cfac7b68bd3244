import type { Page } from '@playwright/test';

export const DATASOURCE = 'flow-tracking';
/** What the plugin itself opens, below Grafana's root. */
const PATH = `api/datasources/proxy/uid/${DATASOURCE}/ws/flows`;

/** What came of a WebSocket that a page of Grafana opened. */
export interface LiveSocket {
  /** Types of the frames in the order in which they came. */
  frames: string[];
  /** Close code, or null while it is open. */
  closeCode: number | null;
}

/**
 * Opens the plugin's WebSocket from a page of Grafana, through Grafana's proxy: with the page's cookies and without a token.
 * Subscribes to a user and pings as the plugin does, for so long.
 *
 * @returns what had come by then, or earlier if it was closed
 */
export function holdLiveSocket(page: Page, user: string, forMs: number): Promise<LiveSocket> {
  return page.evaluate(
    async ([path, user, forMs]) => {
      const base = document.querySelector('base')?.href ?? document.location.origin;
      const url = new URL(path, base);
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      const socket = new WebSocket(url);
      const frames: string[] = [];
      socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'subscribe', users: [user] })));
      socket.addEventListener('message', ({ data }) => {
        frames.push((JSON.parse(String(data)) as { type: string }).type);
      });
      const pings = setInterval(() => {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: 'ping' }));
      }, 1_500);
      const closeCode = await new Promise<number | null>((resolve) => {
        socket.addEventListener('close', ({ code }) => resolve(code));
        setTimeout(() => resolve(null), forMs);
      });
      clearInterval(pings);
      socket.close();
      return { frames, closeCode };
    },
    [PATH, user, forMs] as const,
  );
}
