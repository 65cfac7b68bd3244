import { CoreApp, LoadingState } from '@grafana/data';
import { Alert } from '@grafana/ui';
import { useEffect, useMemo } from 'react';
import { EditorRow } from './editor-row';
import { ExploreFrame } from './explore-frame';
import { rangeOf } from './explore-range';
import { Results } from './results';
import type { LoadedDataSource } from './use-data-source';
import type { Explore } from './use-explore';
import { useQueryRun } from './use-query-run';

/** The data source's query editor with the props of Grafana's Explore, and what its query gives. */
export function QueryExplorer({ loaded, explore }: { loaded: LoadedDataSource; explore: Explore }) {
  const { instance, settings } = loaded;
  const { address, runs, edit, run } = explore;
  const { data, start, stop } = useQueryRun();
  const query = useMemo(
    () => address.query ?? { ...instance.getDefaultQuery?.(CoreApp.Explore), refId: 'A' },
    [instance, address.query],
  );
  useEffect(() => start({ dataSource: instance, query, range: rangeOf(address) }), [instance, runs]);

  const Editor = instance.components?.QueryEditor;
  const isRunning = data?.state === LoadingState.Loading || data?.state === LoadingState.Streaming;
  return (
    <ExploreFrame explore={explore} onStop={isRunning ? stop : undefined}>
      {Editor ? (
        <EditorRow title={query.refId} settings={settings}>
          <Editor
            datasource={instance}
            query={query}
            queries={[query]}
            onChange={(next) => edit({ query: next })}
            onRunQuery={() => run()}
            range={rangeOf(address)}
            data={data}
            history={[]}
            app={CoreApp.Explore}
          />
        </EditorRow>
      ) : (
        <Alert severity="info" title="The plugin has no query editor" />
      )}
      <Results data={data} />
    </ExploreFrame>
  );
}
