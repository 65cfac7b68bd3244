import {
  CustomVariableSupport,
  FieldType,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  type ScopedVars,
} from '@grafana/data';
import { map, type Observable } from 'rxjs';
import type { BridgeApi } from '../../bridge-api';
import { abortable } from '../abortable';
import type { FlowDatasource } from '../datasource';
import type { ReadText } from '../queries/query-kind';
import { readVariableQuery, type VariableQuery } from './query';
import { variableValues, type VariableApi } from './values';
import { VariableEditor } from './VariableEditor';
import { whileAlive } from './while-alive';

/** Grafana fills in `$__searchFilter` once somebody has typed; before that the text would be searched for as it stands. */
const NOTHING_TYPED: ScopedVars = { __searchFilter: { value: '', text: '' } };

/** Variables of dashboards, with an editor; those that were saved as text work on. */
export class FlowVariables extends CustomVariableSupport<FlowDatasource, VariableQuery> {
  readonly editor = VariableEditor;

  constructor(
    private readonly api: VariableApi & Pick<BridgeApi, 'health'>,
    private readonly readText: (scopedVars: ScopedVars | undefined) => ReadText,
  ) {
    super();
  }

  /** What was saved as text comes as text, whatever the type says. */
  override query({ targets, scopedVars }: DataQueryRequest<VariableQuery>): Observable<DataQueryResponse> {
    const read = this.readText({ ...NOTHING_TYPED, ...scopedVars });
    const values = abortable(async (signal) => variableValues(this.api, readVariableQuery(targets[0]), read, signal));
    return whileAlive(values, this.api).pipe(map((texts) => ({ data: [valuesFrame(texts)] })));
  }
}

/** Grafana reads the fields of these names. */
function valuesFrame(texts: string[]): DataFrame {
  const field = (name: string) => ({ name, type: FieldType.string, config: {}, values: texts });
  return { length: texts.length, fields: [field('text'), field('value')] };
}
