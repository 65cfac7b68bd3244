import type { MonitoringGrant } from '@flow-tracking/protocol';
import { useCallback, useEffect, useState } from 'react';
import type { BridgeApi } from '../../../bridge-api';
import { useMonitoringSwitch, type MonitoringSwitch } from '../../../monitoring/use-monitoring-switch';
import { t } from '../../../texts/t';

const REFRESH_MS = 10_000;

export interface Grants extends Pick<MonitoringSwitch, 'refusal' | 'busy' | 'enable' | 'disable'> {
  /** Null until the first answer. */
  readonly grants: readonly MonitoringGrant[] | null;
  /** What went wrong last, in words for people. */
  readonly problem: { readonly title: string; readonly message: string } | null;
}

/** The grants that are active now, kept up to date while the page is open. */
export function useGrants(api: BridgeApi): Grants {
  const [grants, setGrants] = useState<readonly MonitoringGrant[] | null>(null);
  const [error, setError] = useState<string | null>(null);

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

  const { refusal, busy, error: changeError, enable, disable } = useMonitoringSwitch(api, refresh);
  const problem =
    changeError !== null
      ? { title: t('app.monitoring.failed'), message: changeError }
      : error !== null
        ? { title: t('app.monitoring.unread'), message: error }
        : null;
  return { grants, problem, refusal, busy, enable, disable };
}
