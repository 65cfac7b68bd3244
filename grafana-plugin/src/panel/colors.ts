import type { CheckpointStatus, FlowStatus } from '@flow-tracking/protocol';
import type { GrafanaTheme2 } from '@grafana/data';
import { checkpointHue } from '../frames/checkpoint-hues';

export function checkpointColor(theme: GrafanaTheme2, checkpoint: string): string {
  return theme.visualization.getColorByName(checkpointHue(checkpoint));
}

/** Of a shape, such as a sign or a bar; {@link statusTextColor} for words. */
export function statusColor(theme: GrafanaTheme2, status: FlowStatus | CheckpointStatus): string {
  if (status === 'ok') return theme.visualization.getColorByName('green');
  if (status === 'error') return theme.colors.error.text;
  if (status === 'running') return theme.visualization.getColorByName('purple');
  return theme.colors.text.disabled;
}

/** Words want more contrast than shapes. */
export function statusTextColor(theme: GrafanaTheme2, status: FlowStatus | CheckpointStatus): string {
  if (status === 'ok') return theme.colors.success.text;
  if (status === 'error' || status === 'running') return statusColor(theme, status);
  return theme.colors.text.secondary;
}
