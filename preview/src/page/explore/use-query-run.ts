import {
  CoreApp,
  LoadingState,
  rangeUtil,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceApi,
  type PanelData,
  type ScopedVars,
  type TimeRange,
} from '@grafana/data';
import type { DataQuery } from '@grafana/schema';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Observable, Subscription } from 'rxjs';
import { runRequest } from '../services/run-request';

const MAX_DATA_POINTS = 1_000;

interface Asked {
  dataSource: DataSourceApi;
  query: DataQuery;
  range: TimeRange;
  scopedVars?: ScopedVars;
  /** What answers. @default the data source */
  by?: (request: DataQueryRequest) => Observable<DataQueryResponse>;
}

export interface QueryRun {
  /** Undefined before the first answer. */
  data: PanelData | undefined;
  start(this: void, asked: Asked): void;
  /** Ends what runs and keeps what it gave. */
  stop(this: void): void;
}

/** Runs one query at a time, as Explore does; a new one ends the one before. */
export function useQueryRun(): QueryRun {
  const [data, setData] = useState<PanelData>();
  const running = useRef<Subscription>(undefined);
  const count = useRef(0);
  useEffect(() => () => running.current?.unsubscribe(), []);

  const start = useCallback(({ dataSource, query, range, scopedVars = {}, by }: Asked): void => {
    running.current?.unsubscribe();
    const { interval, intervalMs } = rangeUtil.calculateInterval(range, MAX_DATA_POINTS, '1s');
    const request: DataQueryRequest = {
      requestId: `explore-${++count.current}`,
      app: CoreApp.Explore,
      targets: [{ ...query, datasource: dataSource.getRef() }],
      range,
      interval,
      intervalMs,
      maxDataPoints: MAX_DATA_POINTS,
      scopedVars: { ...scopedVars, __interval: { text: interval, value: interval } },
      timezone: 'browser',
      startTime: Date.now(),
    };
    running.current = runRequest(dataSource, request, by).subscribe(setData);
  }, []);
  const stop = useCallback((): void => {
    running.current?.unsubscribe();
    setData((known) => known && { ...known, state: LoadingState.Done });
  }, []);
  return { data, start, stop };
}
