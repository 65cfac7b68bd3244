import {
  CustomVariableSupport,
  LoadingState,
  type DataSourceApi,
  type PanelData,
  type QueryEditorProps,
} from '@grafana/data';
import type { DataQuery } from '@grafana/schema';
import { Alert, InlineField, Input } from '@grafana/ui';
import { useEffect, useMemo, useState, type ComponentType } from 'react';
import { EditorRow } from './editor-row';
import { ExploreFrame } from './explore-frame';
import { rangeOf } from './explore-range';
import { RunErrors } from './run-errors';
import type { LoadedDataSource } from './use-data-source';
import type { Explore } from './use-explore';
import { useQueryRun } from './use-query-run';
import { VariableOptions } from './variable-options';

type Editor = ComponentType<QueryEditorProps<DataSourceApi, DataQuery>>;

/** The editor of a dashboard's variable, and the options that it comes to. As in Grafana, each change counts at once. */
export function VariableExplorer({ loaded, explore }: { loaded: LoadedDataSource; explore: Explore }) {
  const { instance, settings } = loaded;
  const { address, runs, edit, run } = explore;
  const { data, start } = useQueryRun();
  const [typed, setTyped] = useState('');
  const support = instance.variables instanceof CustomVariableSupport ? instance.variables : undefined;
  const query = useMemo(
    () => address.query ?? { refId: 'Variable', ...support?.getDefaultQuery?.() },
    [support, address.query],
  );
  useEffect(() => {
    if (support === undefined) return;
    start({
      dataSource: instance,
      query,
      range: rangeOf(address),
      scopedVars: typed === '' ? {} : { __searchFilter: { text: typed, value: typed } },
      by: (request) => support.query(request as never),
    });
  }, [instance, query, runs, typed]);

  const VariableEditor = support?.editor as Editor | undefined;
  return (
    <ExploreFrame explore={explore}>
      {VariableEditor ? (
        <EditorRow title="Variable" settings={settings}>
          <VariableEditor
            datasource={instance}
            query={query}
            onChange={(next) => edit({ query: next })}
            onRunQuery={() => run()}
            range={rangeOf(address)}
            data={data ?? NOTHING}
          />
        </EditorRow>
      ) : (
        <Alert severity="info" title="The plugin has no editor of variables" />
      )}
      <InlineField label="Typed into the variable" htmlFor="explore-typed">
        <Input id="explore-typed" width={30} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
      </InlineField>
      {data && <RunErrors data={data} />}
      <VariableOptions data={data} />
    </ExploreFrame>
  );
}

const NOTHING: PanelData = {
  state: LoadingState.NotStarted,
  series: [],
  timeRange: rangeOf({ from: 'now-1h', to: 'now' }),
};
