import type { CheckpointStatus, FlowStatus } from '@flow-tracking/protocol';
import type { GrafanaTheme2 } from '@grafana/data';

/** Hues for the checkpoints that every chat server has. */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  auth_check: 'green',
  block_check: 'blue',
  usage_check: 'light-blue',
  llm_thinking: 'purple',
  llm_complete: 'semi-dark-green',
  tool_call: 'orange',
  error: 'red',
};

/** Hues for all others. No red: that is for what is called an error. */
const OTHERS = [
  'yellow',
  'semi-dark-blue',
  'light-orange',
  'super-light-purple',
  'dark-green',
  'super-light-blue',
  'dark-yellow',
  'semi-dark-purple',
  'light-green',
  'dark-orange',
  'dark-blue',
  'super-light-yellow',
] as const;

/** FNV-1a: spreads short names well, and gives the same number everywhere. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** The colour's name in Grafana's palette, the same for one checkpoint always and everywhere. */
export function checkpointHue(checkpoint: string): string {
  const known = Object.hasOwn(WELL_KNOWN, checkpoint) ? WELL_KNOWN[checkpoint] : undefined;
  return known ?? OTHERS[hash(checkpoint) % OTHERS.length] ?? 'blue';
}

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
