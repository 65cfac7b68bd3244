import {
  DataSourceApi,
  LoadingState,
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceInstanceSettings,
  type ScopedVars,
  type TestDataSourceResponse,
} from '@grafana/data';
import { getTemplateSrv, locationService } from '@grafana/runtime';
import { merge, of, type Observable } from 'rxjs';
import { createBridgeApi, type StatsFilter } from '../bridge-api';
import { readPrices } from '../frames/prices';
import { createAnnotationSupport } from './annotation-support';
import { createCheckpointHistory } from './checkpoint-history';
import { createFeed, urlsOf } from './create-feed';
import { checkHealth } from './health/check-health';
import { trySocket } from './health/try-socket';
import { fillQuery } from './queries/fill-query';
import { createCellLinks } from './queries/links';
import type { QueryTools, ReadText } from './queries/query-kind';
import { resolveQuery } from './queries/registry';
import { createRunningSource } from './queries/running/running-source';
import { readIds } from './read-ids';
import { shareAnswers } from './share-answers';
import type { FlowDatasourceOptions, FlowQuery } from './types';
import { FlowVariables } from './variables/support';

/** Flows of the bridge, live and from history, both through Grafana's datasource proxy. */
export class FlowDatasource extends DataSourceApi<FlowQuery, FlowDatasourceOptions> {
  private readonly tools: QueryTools;
  private readonly proxyUrl: string;

  constructor(settings: DataSourceInstanceSettings<FlowDatasourceOptions>) {
    super(settings);
    this.proxyUrl = settings.url ?? '';
    const bridge = createBridgeApi(this.proxyUrl);
    // The panels of a dashboard read their figures from the same answer.
    const api = {
      ...bridge,
      checkpointStats: shareAnswers((filter: StatsFilter, signal) => bridge.checkpointStats(filter, signal)),
    };
    this.tools = {
      api,
      feed: createFeed(api, this.proxyUrl),
      running: createRunningSource((filter, signal) => api.running(filter, signal)),
      history: createCheckpointHistory(() => api.checkpointSummary({})),
      prices: readPrices(settings.jsonData),
      links: createCellLinks(settings.uid, (path) => locationService.push(path)),
    };
    this.annotations = createAnnotationSupport();
    this.variables = new FlowVariables(api, readText);
  }

  /** Chooses nothing yet: a default that chose everyone would widen any query that it is merged into. */
  override getDefaultQuery(): Partial<FlowQuery> {
    return { queryType: 'live', select: 'user', user: '' };
  }

  override getQueryDisplayText(saved: FlowQuery): string {
    const { kind, query } = resolveQuery(saved);
    return kind.describe(query);
  }

  override filterQuery(query: FlowQuery): boolean {
    return query.hide !== true;
  }

  /** A query with several ids becomes one for each, since in text they could only be joined to another id. */
  override interpolateVariablesInQueries(queries: FlowQuery[], scopedVars: ScopedVars): FlowQuery[] {
    return queries.flatMap((query) => fillQuery(resolveQuery(query).query, readText(scopedVars)));
  }

  override query(request: DataQueryRequest<FlowQuery>): Observable<DataQueryResponse> {
    const targets = request.targets.filter((target) => this.filterQuery(target));
    if (targets.length === 0) return of({ data: [], state: LoadingState.Done });
    const { range, intervalMs, scopedVars } = request;
    const shared = {
      range: { fromTs: range.from.valueOf(), toTs: range.to.valueOf() },
      intervalMs,
      read: readText(scopedVars),
    };
    return merge(
      ...targets.map((target) => {
        const { kind, query } = resolveQuery(target);
        const { refId } = target;
        return kind.run(query, { ...shared, key: `${kind.name}-${refId}`, refId }, this.tools);
      }),
    );
  }

  override async testDatasource(): Promise<TestDataSourceResponse> {
    return checkHealth(this.tools.api, () => trySocket(urlsOf(this.proxyUrl).url));
  }
}

const readText =
  (scopedVars: ScopedVars | undefined): ReadText =>
  (text, of) =>
    readIds(text, scopedVars, getTemplateSrv(), of);
