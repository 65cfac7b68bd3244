import { LoadingState, type AnnotationQuery, type DataSourceApi, type QueryEditorProps } from '@grafana/data';
import type { DataQuery } from '@grafana/schema';
import { Alert } from '@grafana/ui';
import { useEffect, useMemo, type ComponentType } from 'react';
import { AnnotationList } from './annotation-list';
import { EditorRow } from './editor-row';
import { ExploreFrame } from './explore-frame';
import { rangeOf } from './explore-range';
import { RunErrors } from './run-errors';
import type { LoadedDataSource } from './use-data-source';
import type { Explore } from './use-explore';
import { useQueryRun } from './use-query-run';

type Editor = ComponentType<
  QueryEditorProps<DataSourceApi, DataQuery> & {
    annotation: AnnotationQuery;
    onAnnotationChange: (annotation: AnnotationQuery) => void;
  }
>;

/** The editor of a dashboard's annotation, and the annotations that it comes to. */
export function AnnotationExplorer({ loaded, explore }: { loaded: LoadedDataSource; explore: Explore }) {
  const { instance, settings } = loaded;
  const { address, runs, edit, run } = explore;
  const { data, start, stop } = useQueryRun();
  const support = instance.annotations;
  const annotation = useMemo(
    (): AnnotationQuery => ({
      name: 'Annotation',
      enable: true,
      iconColor: 'red',
      datasource: instance.getRef(),
      target: address.query ?? { ...support?.getDefaultQuery?.(), refId: 'Anno' },
    }),
    [instance, address.query],
  );
  useEffect(() => {
    const prepared = support?.prepareQuery ? support.prepareQuery(annotation) : annotation.target;
    if (prepared) start({ dataSource: instance, query: prepared, range: rangeOf(address) });
  }, [instance, runs]);

  const AnnotationEditor = (support?.QueryEditor ?? instance.components?.QueryEditor) as Editor | undefined;
  return (
    <ExploreFrame explore={explore} onStop={data?.state === LoadingState.Loading ? stop : undefined}>
      {support && AnnotationEditor ? (
        <EditorRow title="Annotation" settings={settings}>
          <AnnotationEditor
            datasource={instance}
            query={annotation.target!}
            onChange={(target) => edit({ query: target })}
            onRunQuery={() => run()}
            annotation={annotation}
            onAnnotationChange={({ target }) => edit({ query: target })}
            range={rangeOf(address)}
            data={data}
          />
        </EditorRow>
      ) : (
        <Alert severity="info" title="The plugin has no annotations" />
      )}
      {data && <RunErrors data={data} />}
      <AnnotationList data={data} />
    </ExploreFrame>
  );
}
