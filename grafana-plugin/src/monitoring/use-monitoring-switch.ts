import { config } from '@grafana/runtime';
import { useCallback, useRef, useState } from 'react';
import type { BridgeApi } from '../bridge-api';
import { t } from '../texts/t';
import { switchRefusal } from './switch-refusal';

/** Whoever switches monitoring, on the app's page or in the panel, does it by this. */
export interface MonitoringSwitch {
  /** Why this person can't, in words; null for who can. */
  readonly refusal: string | null;
  /** A change is on its way: no other one is begun. */
  readonly busy: boolean;
  /** Why the last change failed, in words; null when it did not. */
  readonly error: string | null;
  /** On for so long from now, or so long from now on. @returns whether it worked */
  readonly enable: (userId: string, ttlHours: number, reason?: string) => Promise<boolean>;
  readonly disable: (userId: string, reason?: string) => Promise<boolean>;
  /** Does again what failed last. */
  readonly retry: () => Promise<boolean>;
}

const NOTHING = (): Promise<unknown> => Promise.resolve();

function needed(api: BridgeApi | null): BridgeApi {
  if (api === null) throw new Error(t('monitoring.another-source'));
  return api;
}

/** @param onDone after each change that worked, before it counts as done */
export function useMonitoringSwitch(api: BridgeApi | null, onDone: () => Promise<unknown> = NOTHING): MonitoringSwitch {
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  // Two presses may come before the first is rendered.
  const isActing = useRef(false);
  const last = useRef<() => Promise<unknown>>(NOTHING);
  const done = useRef(onDone);
  done.current = onDone;

  const act = useCallback(async (action: () => Promise<unknown>): Promise<boolean> => {
    if (isActing.current) return false;
    isActing.current = true;
    last.current = action;
    setBusy(true);
    setError(null);
    try {
      await action();
      await done.current();
      return true;
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
      return false;
    } finally {
      isActing.current = false;
      setBusy(false);
    }
  }, []);

  return {
    refusal: switchRefusal(config.bootData.user),
    busy,
    error,
    enable: (userId, ttlHours, reason) => act(() => needed(api).enableMonitoring(userId, ttlHours, reason)),
    disable: (userId, reason) => act(() => needed(api).disableMonitoring(userId, reason)),
    retry: () => act(last.current),
  };
}
