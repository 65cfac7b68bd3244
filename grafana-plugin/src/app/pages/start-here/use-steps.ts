import { config } from '@grafana/runtime';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { createBridgeApi } from '../../../bridge-api';
import { liveUrls } from '../../../datasource/live-urls';
import { switchRefusal } from '../../../monitoring/switch-refusal';
import type { ReachedDatasource } from '../../datasource/DatasourceGate';
import { askChecks } from './ask-checks';
import { openSocket } from './open-socket';
import { runSteps } from './run-steps';
import type { Step } from './step';

export interface Steps {
  readonly steps: readonly Step[];
  readonly isRunning: boolean;
  /** Why this person can't have the bridge's checks run; null for who can. */
  readonly refusal: string | null;
  readonly run: () => void;
  /** Sends a flow that stays. @returns its id; null when it did not arrive @throws {Error} in words for people */
  readonly sendFlow: () => Promise<string | null>;
}

/** Runs the steps at once, and again when asked. */
export function useSteps({ settings, proxyUrl }: ReachedDatasource): Steps {
  const api = useMemo(() => createBridgeApi(proxyUrl), [proxyUrl]);
  const [steps, setSteps] = useState<readonly Step[]>([]);
  // They run at once: a first look at the page must not say that they have.
  const [isRunning, setRunning] = useState(true);
  const current = useRef(0);
  const refusal = switchRefusal(config.bootData.user);

  const run = useCallback(() => {
    const own = ++current.current;
    setSteps([]);
    setRunning(true);
    const tell = (step: Step): void => {
      if (own !== current.current) return;
      setSteps((before) =>
        before.some(({ id }) => id === step.id)
          ? before.map((old) => (old.id === step.id ? step : old))
          : [...before, step],
      );
    };
    void runSteps(
      {
        api,
        datasourceName: settings.name,
        refusal,
        openSocket: () => openSocket(liveUrls(proxyUrl, config.appSubUrl ?? '', document.baseURI).url),
        askChecks: () => askChecks(api, false),
      },
      tell,
    ).finally(() => {
      if (own === current.current) setRunning(false);
    });
  }, [api, proxyUrl, refusal, settings.name]);

  useEffect(() => {
    run();
    return () => void current.current++;
  }, [run]);

  const sendFlow = useCallback(async () => (await askChecks(api, true)).flow_id, [api]);
  return { steps, isRunning, refusal, run, sendFlow };
}
