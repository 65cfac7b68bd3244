import { DataTopic, LoadingState, toDataFrame } from '@grafana/data';
import type { DataFrame, DataQueryRequest, DataQueryResponse, DataSourceApi, PanelData } from '@grafana/data';
import { toDataQueryError } from '@grafana/runtime';
import { defer, from, Observable, of } from 'rxjs';

/** A query that answers sooner shows no loading state, so that quick panels don't flicker. */
const LOADING_AFTER_MS = 200;

type QueryFunction = (request: DataQueryRequest) => Observable<DataQueryResponse> | Promise<DataQueryResponse>;

/**
 * Runs a panel's queries: every packet of the data source becomes the panel's whole data. Packets with the same `key`
 * replace each other; those of different keys stand side by side, so that several streams fill one panel.
 */
export function runRequest(
  dataSource: DataSourceApi,
  request: DataQueryRequest,
  queryFunction?: QueryFunction,
): Observable<PanelData> {
  const start: PanelData = { state: LoadingState.Loading, series: [], timeRange: request.range, request };
  const targets = request.targets.filter((target) => !target.hide && (dataSource.filterQuery?.(target) ?? true));
  if (targets.length === 0) return of({ ...start, state: LoadingState.Done });

  const query = queryFunction ?? dataSource.query.bind(dataSource);
  return new Observable((subscriber) => {
    const packets = new Map<string, DataQueryResponse>();
    let latest = start;
    const loading = setTimeout(() => subscriber.next(start), LOADING_AFTER_MS);
    const show = (data: PanelData): void => {
      clearTimeout(loading);
      latest = data;
      subscriber.next(data);
    };
    const running = defer(() => from(query({ ...request, targets }))).subscribe({
      next(packet) {
        packets.set(packet.key ?? 'A', packet);
        show(combine(start, packet, [...packets.values()]));
      },
      error(error: Error) {
        show({ ...latest, state: LoadingState.Error, error: toDataQueryError(error) });
        subscriber.complete();
      },
      complete() {
        // A source that ends without saying so is done; a stream that ends keeps its last word.
        if (latest.state === LoadingState.Loading) show({ ...latest, state: LoadingState.Done });
        subscriber.complete();
      },
    });
    return () => {
      clearTimeout(loading);
      running.unsubscribe();
    };
  });
}

function combine(start: PanelData, packet: DataQueryResponse, packets: DataQueryResponse[]): PanelData {
  const frames = packets.flatMap((item) => (item.data ?? []).map((data) => toDataFrame(data)));
  const errors = packets.flatMap((item) => item.errors ?? (item.error ? [item.error] : []));
  const ofTopic = (topic?: DataTopic): DataFrame[] => frames.filter((frame) => frame.meta?.dataTopic === topic);
  const failed = Boolean(packet.error ?? packet.errors?.length);
  return {
    ...start,
    state: packet.state ?? (failed ? LoadingState.Error : LoadingState.Done),
    series: frames.filter((frame) => !frame.meta?.dataTopic || frame.meta.dataTopic === DataTopic.Series),
    annotations: ofTopic(DataTopic.Annotations),
    ...(errors.length > 0 && { errors, error: errors[0] }),
  };
}
