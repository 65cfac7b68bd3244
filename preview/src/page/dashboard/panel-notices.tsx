import type { DataFrame, QueryResultMetaNotice } from '@grafana/data';
import { sceneGraph, SceneObjectBase, type SceneComponentProps } from '@grafana/scenes';
import { ToolbarButton } from '@grafana/ui';

/** What the data of a panel says about itself, behind signs in the panel's header. */
export class PanelNotices extends SceneObjectBase {
  static Component = Signs;
}

function Signs({ model }: SceneComponentProps<PanelNotices>) {
  const { data } = sceneGraph.getData(model).useState();
  return (
    <>
      {lastOfEachSeverity(data?.series ?? []).map(({ severity, text }) => (
        <ToolbarButton
          key={severity}
          icon={severity === 'info' ? 'file-landscape-alt' : 'exclamation-triangle'}
          iconSize="md"
          tooltip={text}
          aria-label={text}
          data-testid="panel-notice"
        />
      ))}
    </>
  );
}

/** As Grafana does, which has one sign for each. */
function lastOfEachSeverity(frames: readonly DataFrame[]): QueryResultMetaNotice[] {
  const notices = frames.flatMap((frame) => frame.meta?.notices ?? []);
  return [...new Map(notices.map((notice) => [notice.severity, notice])).values()];
}
