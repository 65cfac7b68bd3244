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
import { map, merge, of, type Observable } from 'rxjs';
import { BridgeRequestError, createBridgeApi, type BridgeApi } from '../bridge-api';
import type { CheckpointHistory } from '../frames/history';
import type { FrameExtras, Subject } from '../frames/meta';
import { readPrices, type PriceTable } from '../frames/prices';
import { answerHistory, answerLive, failed, LIVE_USERS, messageOf } from './answers';
import { createCheckpointHistory, type CheckpointHistorySource } from './checkpoint-history';
import { HISTORY_LIMITS } from './history-budget';
import { connectLive } from './live-client';
import { createLiveFeed, type LiveFeed } from './live-feed';
import { liveUrls } from './live-urls';
import { migrateQuery } from './migrate-query';
import { readIds } from './read-ids';
import { subjectOf, subjectText, unusableId } from './subject';
import type { FlowDatasourceOptions, FlowQuery } from './types';
import { variableValues } from './variable-query';

/** A 404 of something else than the bridge, such as a wrong URL, is a failure and no empty answer. */
const NOT_FOUND_CODES: readonly (string | null)[] = ['flow_not_found', 'session_not_found'];
const isNotFound = (error: unknown): boolean =>
  error instanceof BridgeRequestError && NOT_FOUND_CODES.includes(error.code);

/** Flows of the bridge, live and from history, both through Grafana's datasource proxy. */
export class FlowDatasource extends DataSourceApi<FlowQuery, FlowDatasourceOptions> {
  private readonly api: BridgeApi;
  private readonly feed: LiveFeed;
  private readonly history: CheckpointHistorySource;
  private readonly prices: PriceTable | null;

  constructor(settings: DataSourceInstanceSettings<FlowDatasourceOptions>) {
    super(settings);
    const proxyUrl = settings.url ?? '';
    const api = createBridgeApi(proxyUrl);
    this.api = api;
    this.prices = readPrices(settings.jsonData);
    this.history = createCheckpointHistory(() => api.checkpointSummary());
    this.feed = createLiveFeed({
      connect: (users) =>
        connectLive({
          ...liveUrls(proxyUrl, config.appSubUrl ?? '', document.baseURI),
          users,
        }),
      loadFlow: (flowId, cursor) => api.flow(flowId, cursor),
    });
  }

  /** Chooses nothing yet: a default that chose everyone would widen any query that it is merged into. */
  override getDefaultQuery(): Partial<FlowQuery> {
    return { queryType: 'live', select: 'user', user: '' };
  }

  override getQueryDisplayText(query: FlowQuery): string {
    return subjectText(query);
  }

  override filterQuery(query: FlowQuery): boolean {
    return query.hide !== true;
  }

  /** A query with several ids becomes one for each, since in text they could only be joined to another id. */
  override interpolateVariablesInQueries(queries: FlowQuery[], scopedVars: ScopedVars): FlowQuery[] {
    return queries.flatMap((query) => {
      const { select, ids } = this.subjectOf(query, scopedVars);
      const filled: FlowQuery = { ...migrateQuery(query), select, user: '', session: '', flow: '' };
      if (select === 'everyone') return [filled];
      const [first = '', ...others] = ids.slice(0, filled.queryType === 'live' ? LIVE_USERS : HISTORY_LIMITS.ids);
      return [
        { ...filled, [select]: first },
        ...others.map((id, i) => ({ ...filled, refId: `${query.refId}${i + 2}`, [select]: id })),
      ];
    });
  }

  override query(request: DataQueryRequest<FlowQuery>): Observable<DataQueryResponse> {
    const targets = request.targets.filter((target) => this.filterQuery(target)).map(migrateQuery);
    if (targets.length === 0) return of({ data: [], state: LoadingState.Done });
    return merge(
      ...targets.map((target) => {
        const subject = this.subjectOf(target, request.scopedVars);
        const response = {
          key: `${target.queryType}-${target.refId}`,
          refId: target.refId,
          subject,
          range: { fromTs: request.range.from.valueOf(), toTs: request.range.to.valueOf() },
        };
        const unusable = unusableId(subject);
        if (unusable !== null) return of(failed(response, unusable));
        const withHistory = map((history: CheckpointHistory | null): FrameExtras => ({ history, prices: this.prices }));
        return target.queryType === 'history'
          ? answerHistory(this.api, response, isNotFound, this.history.read().pipe(withHistory))
          : answerLive(this.feed, response, this.history.watch().pipe(withHistory), this.prices);
      }),
    );
  }

  private subjectOf(target: FlowQuery, scopedVars: ScopedVars | undefined): Subject {
    return subjectOf(target, (text) => readIds(text, scopedVars, getTemplateSrv()));
  }

  override async metricFindQuery(query: string, options?: LegacyMetricFindQueryOptions): Promise<MetricFindValue[]> {
    const read = (text: string) => readIds(text, options?.scopedVars, getTemplateSrv());
    const values = await variableValues(this.api, query, read);
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
