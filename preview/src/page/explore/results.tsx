import { LoadingState, type PanelData } from '@grafana/data';
import { LoadingPlaceholder } from '@grafana/ui';
import { useEffect, useMemo } from 'react';
import { PanelNote } from '../panels/panel-note';
import { createResultScene } from './result-scene';
import { viewsOf, type ResultView } from './result-views';
import { RunErrors } from './run-errors';

/** What a query came to. */
export function Results({ data }: { data: PanelData | undefined }) {
  const views = useMemo(() => viewsOf(data?.series ?? []), [data?.series]);
  if (data === undefined) return <LoadingPlaceholder text="Loading…" />;
  const isEmpty = views.length === 0 && !data.errors?.length;
  return (
    <>
      <RunErrors data={data} />
      {isEmpty && data.state === LoadingState.Loading && <LoadingPlaceholder text="Loading…" />}
      {isEmpty && data.state !== LoadingState.Loading && <PanelNote>No data</PanelNote>}
      {views.length > 0 && <Panels views={views} data={data} />}
    </>
  );
}

function Panels({ views, data }: { views: ResultView[]; data: PanelData }) {
  const scene = useMemo(() => createResultScene(views), [views.map(({ key }) => key).join('\n')]);
  useEffect(() => scene.show(views, data), [scene, views, data]);
  return <scene.root.Component key={scene.root.state.key} model={scene.root} />;
}
