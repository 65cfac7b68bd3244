import { useEffect, useState } from 'react';
import type { BridgeApi, SelectorFilter } from '../../bridge-api';

/** Who types is not asked for at every key. */
const PAUSE_MS = 250;
const MOST = 20;
const NONE: readonly string[] = [];

type Ask = (api: BridgeApi, filter: SelectorFilter) => Promise<readonly string[]>;

const ASKS = {
  users: async (api, filter) => (await api.users(filter)).users.map((user) => user.user_id),
  services: async (api, filter) => (await api.services(filter)).services.map(({ service }) => service),
} as const satisfies Record<string, Ask>;

/**
 * Users or services with flows of the last day whose names contain a text; none while they can't be asked for, since any may
 * be typed.
 */
export function useSuggestions(api: BridgeApi, of: keyof typeof ASKS, text: string): readonly string[] {
  const [found, setFound] = useState(NONE);
  useEffect(() => {
    let isWanted = true;
    const ask = async (): Promise<void> => {
      try {
        const names = await ASKS[of](api, { limit: MOST, ...(text !== '' && { q: text }) });
        if (isWanted) setFound(names);
      } catch {
        if (isWanted) setFound(NONE);
      }
    };
    const timer = setTimeout(() => void ask(), PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [api, of, text]);
  return found;
}
