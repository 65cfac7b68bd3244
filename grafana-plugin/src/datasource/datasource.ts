import { ALL_USERS } from '@flow-tracking/protocol';
import {
  DataSourceApi,
  LoadingState,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceInstanceSettings,
  type LegacyMetricFindQueryOptions,
  type MetricFindValue,
  type ScopedVars,
  type TestDataSourceResponse,
} from '@grafana/data';
import { config, getTemplateSrv } from '@grafana/runtime';
import { catchError, map, merge, of, type Observable } from 'rxjs';
import { BridgeRequestError, createBridgeApi, type BridgeApi } from '../bridge-api';
import { toFrames } from '../frames/to-frames';
import { viewFlows } from '../model/flows';
import { historyMeta, loadHistory, watchHistory } from './history-query';
import { connectLive } from './live-client';
import { createLiveFeed, type LiveFeed } from './live-feed';
import { subjectOf, subjectText } from './subject';
import type { FlowDatasourceOptions, FlowQuery } from './types';
import { variableValues } from './variable-query';
import { liveUrl } from './ws-url';

const isNotFound = (error: unknown): boolean => error instanceof BridgeRequestError && error.status === 404;
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Flows of the bridge, live and from history, both through Grafana's datasource proxy. */
export class FlowDatasource extends DataSourceApi<FlowQuery, FlowDatasourceOptions> {
  private readonly api: BridgeApi;
  private readonly feed: LiveFeed;

  constructor(settings: DataSourceInstanceSettings<FlowDatasourceOptions>) {
    super(settings);
    const proxyUrl = settings.url ?? '';
    const api = createBridgeApi(proxyUrl);
    this.api = api;
    this.feed = createLiveFeed({
      connect: (users) =>
        connectLive({
          url: liveUrl(proxyUrl, config.appSubUrl ?? '', window.location.origin),
          users,
          explain: () =>
            api.users().then(
              () => null,
              (error: unknown) => messageOf(error),
            ),
        }),
      loadFlow: (flowId, cursor) => api.flow(flowId, cursor),
    });
  }

  override getDefaultQuery(): Partial<FlowQuery> {
    return { queryType: 'live', user: '' };
  }

  override getQueryDisplayText(query: FlowQuery): string {
    return subjectText(query);
  }

  override filterQuery(query: FlowQuery): boolean {
    return query.hide !== true;
  }

  override interpolateVariablesInQueries(queries: FlowQuery[], scopedVars: ScopedVars): FlowQuery[] {
    const replace = (text: string | undefined): string => getTemplateSrv().replace(text ?? '', scopedVars);
    return queries.map((query) => ({
      ...query,
      user: replace(query.user),
      session: replace(query.session),
      flow: replace(query.flow),
    }));
  }

  override query(request: DataQueryRequest<FlowQuery>): Observable<DataQueryResponse> {
    const targets = request.targets.filter((target) => this.filterQuery(target));
    if (targets.length === 0) return of({ data: [], state: LoadingState.Done });
    return merge(
      ...targets.map((target) =>
        target.queryType === 'history' ? this.history(target, request) : this.live(target, request),
      ),
    );
  }

  private live(target: FlowQuery, request: DataQueryRequest<FlowQuery>): Observable<DataQueryResponse> {
    const subject = subjectOf(target, (text) => getTemplateSrv().replace(text, request.scopedVars));
    return this.feed.watch(subject.userId ?? ALL_USERS).pipe(
      map((state) => ({
        key: `live-${target.refId}`,
        state: LoadingState.Streaming,
        data: toFrames(
          viewFlows(state.flows),
          {
            kind: 'flow-tracking',
            mode: 'live',
            subject,
            ready: state.ready,
            connection: state.connection,
            monitoring: state.monitoring,
            clockOffsetMs: state.clockOffsetMs,
          },
          target.refId,
        ),
      })),
    );
  }

  private history(target: FlowQuery, request: DataQueryRequest<FlowQuery>): Observable<DataQueryResponse> {
    const subject = subjectOf(target, (text) => getTemplateSrv().replace(text, request.scopedVars));
    const range = { fromTs: request.range.from.valueOf(), toTs: request.range.to.valueOf() };
    const key = `history-${target.refId}`;
    return watchHistory(() => loadHistory(this.api, subject, range, isNotFound)).pipe(
      map(({ views, changing }) => ({
        key,
        state: changing ? LoadingState.Streaming : LoadingState.Done,
        data: toFrames(views, historyMeta(subject), target.refId),
      })),
      catchError((error: unknown) =>
        of({
          key,
          state: LoadingState.Error,
          data: [],
          errors: [{ refId: target.refId, message: messageOf(error) }],
        }),
      ),
    );
  }

  override async metricFindQuery(query: string, options?: LegacyMetricFindQueryOptions): Promise<MetricFindValue[]> {
    const values = await variableValues(this.api, getTemplateSrv().replace(query, options?.scopedVars));
    return values.map((text) => ({ text, value: text }));
  }

  override async testDatasource(): Promise<TestDataSourceResponse> {
    try {
      await this.api.health();
    } catch (error) {
      return { status: 'error', message: messageOf(error) };
    }
    try {
      const { users } = await this.api.users();
      const count = users.length === 1 ? '1 user' : `${users.length} users`;
      return {
        status: 'success',
        message: `The bridge answers and accepts the read token. Flows of ${count} of late.`,
      };
    } catch (error) {
      return { status: 'error', message: `The bridge answers, but it can't be read: ${messageOf(error)}` };
    }
  }
}
