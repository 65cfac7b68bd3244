import { useEffect, useState } from 'react';
import type { BridgeApi } from '../../../bridge-api';

/** Who types is not asked for at every key. */
const PAUSE_MS = 250;
const MOST = 20;
const NONE: readonly string[] = [];

/** Users with flows of the last day whose ids contain a text; none while they can't be asked for, since any id may be typed. */
export function useUserSearch(api: BridgeApi, text: string): readonly string[] {
  const [users, setUsers] = useState(NONE);
  useEffect(() => {
    let isWanted = true;
    const ask = async (): Promise<void> => {
      try {
        const found = (await api.users({ limit: MOST, ...(text !== '' && { q: text }) })).users.map(
          (user) => user.user_id,
        );
        if (isWanted) setUsers(found);
      } catch {
        if (isWanted) setUsers(NONE);
      }
    };
    const timer = setTimeout(() => void ask(), PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [api, text]);
  return users;
}
