import { PanelPlugin } from '@grafana/data';
import { PanelNote } from './panel-note';

/** Takes the place of a panel type that only a Grafana server has. */
export function unknownPanel(id: string): PanelPlugin {
  return new PanelPlugin(() => <PanelNote>The preview has no “{id}” panel. Grafana draws it.</PanelNote>);
}
