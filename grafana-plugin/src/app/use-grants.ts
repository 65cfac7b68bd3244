import type { MonitoringGrant } from '@flow-tracking/protocol';
import { useCallback, useEffect, useState } from 'react';
import type { BridgeApi } from '../bridge-api';

const REFRESH_MS = 10_000;

export interface Grants {
  /** Null until the first answer. */
  readonly grants: readonly MonitoringGrant[] | null;
  /** What went wrong last, in words for people. */
  readonly error: string | null;
  readonly busy: boolean;
  readonly enable: (userId: string, ttlHours: number) => Promise<boolean>;
  readonly disable: (userId: string) => Promise<boolean>;
}

/** The grants that are active now, kept up to date while the page is open. */
export function useGrants(api: BridgeApi): Grants {
  const [grants, setGrants] = useState<readonly MonitoringGrant[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const refresh = useCallback(async (): Promise<void> => {
    try {
      setGrants((await api.monitoring()).grants);
      setError(null);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  }, [api]);

  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh]);

  const act = async (action: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    try {
      await action();
      await refresh();
      return true;
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
      return false;
    } finally {
      setBusy(false);
    }
  };

  return {
    grants,
    error,
    busy,
    enable: (userId, ttlHours) => act(() => api.enableMonitoring(userId, ttlHours)),
    disable: (userId) => act(() => api.disableMonitoring(userId)),
  };
}
