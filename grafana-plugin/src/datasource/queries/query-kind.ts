import type { DataQueryResponse } from '@grafana/data';
import type { ComponentType } from 'react';
import type { Observable } from 'rxjs';
import type { BridgeApi } from '../../bridge-api';
import type { PriceTable } from '../../frames/prices';
import type { CheckpointHistorySource } from '../checkpoint-history';
import type { LiveFeed } from '../live-feed';
import type { ReadIds } from '../read-ids';
import type { FlowQuery, QueryKindName } from '../types';
import type { CellLinks } from './links';
import type { RunningSource } from './running/running-source';

/** What variables list, and ids are of. */
export type Selector = 'users' | 'sessions' | 'checkpoints' | 'services';

/** Reads ids from text with variables; `all` when its variable lists all of what is selected, and "All" is chosen. */
export type ReadText = (text: string, of?: Selector) => ReadIds;

/** One query of a request. */
export interface QueryRun {
  /** Tells the packets of one query from those of another. */
  readonly key: string;
  readonly refId: string;
  /** Epoch ms. */
  readonly range: { readonly fromTs: number; readonly toTs: number };
  /** Between two points of a graph. */
  readonly intervalMs: number;
  readonly read: ReadText;
}

/** What queries of a datasource share. */
export interface QueryTools {
  readonly api: BridgeApi;
  readonly feed: LiveFeed;
  readonly running: RunningSource;
  readonly history: CheckpointHistorySource;
  readonly prices: PriceTable | null;
  readonly links: CellLinks;
}

/** What the editor of one kind gets. */
export interface KindEditorProps<Query> {
  readonly query: Query;
  /** Changes the query; it runs when the person leaves the field or presses Enter. */
  onChange(this: void, changes: Partial<Query>): void;
  /** Changes the query and runs it. */
  onApply(this: void, changes: Partial<Query>): void;
  onRunQuery(this: void): void;
}

/** One kind of query: all that is special to it. */
export interface QueryKind<Query extends FlowQuery> {
  readonly name: QueryKindName;
  label(this: void): string;
  description(this: void): string;
  /** A saved query, with defaults for what it lacks. Idempotent. */
  read(this: void, saved: FlowQuery): Query;
  /** One line for people. */
  describe(this: void, query: Query): string;
  run(this: void, query: Query, run: QueryRun, tools: QueryTools): Observable<DataQueryResponse>;
  readonly Editor: ComponentType<KindEditorProps<Query>>;
}
