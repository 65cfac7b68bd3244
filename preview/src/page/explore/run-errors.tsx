import type { PanelData } from '@grafana/data';
import { Alert } from '@grafana/ui';

/** Why a query failed, whatever it gave before. */
export function RunErrors({ data }: { data: PanelData }) {
  return (data.errors ?? []).map(({ message }, i) => (
    <Alert key={i} severity="error" title="The query failed">
      {message}
    </Alert>
  ));
}
