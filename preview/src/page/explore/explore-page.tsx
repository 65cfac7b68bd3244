import { Alert, LoadingPlaceholder } from '@grafana/ui';
import { useDocumentTitle } from '../chrome/use-document-title';
import { AnnotationExplorer } from './annotation-explorer';
import type { ExploreMode } from './explore-address';
import { ExploreFrame } from './explore-frame';
import { mayExplore } from './may-explore';
import { QueryExplorer } from './query-explorer';
import { useDataSource } from './use-data-source';
import { useExplore } from './use-explore';
import { VariableExplorer } from './variable-explorer';

const EXPLORERS = {
  query: QueryExplorer,
  variable: VariableExplorer,
  annotation: AnnotationExplorer,
} satisfies Record<ExploreMode, unknown>;

/** `/explore`: the editors of a data source, and what comes of them. For editors and admins, as in Grafana. */
export function ExplorePage() {
  const explore = useExplore();
  const { mode, dataSource } = explore.address;
  const { loaded, error } = useDataSource(dataSource);
  useDocumentTitle('Explore');
  if (!mayExplore()) {
    return <Alert severity="warning" title="You do not have permission to see this page." />;
  }
  if (error !== undefined) {
    return (
      <ExploreFrame explore={explore}>
        <Alert severity="error" title={`The data source “${dataSource || 'default'}” can't be explored`}>
          {error}
        </Alert>
      </ExploreFrame>
    );
  }
  if (loaded === undefined) return <LoadingPlaceholder text="Loading data source…" />;
  const Explorer = EXPLORERS[mode];
  return <Explorer key={loaded.settings.uid} loaded={loaded} explore={explore} />;
}
