import type { FlowStatus } from '@flow-tracking/protocol';

/** `412 ms`, `3.9 s`, `1 m 05 s`, `2 h 07 m`; at most seven characters, so that columns stand still while time runs. */
export function formatDuration(ms: number): string {
  if (!(ms >= 0)) return '0 ms';
  if (ms < 1) return ms === 0 ? '0 ms' : '<1 ms';
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${pad(seconds % 60)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} m`;
  return `${Math.floor(minutes / 1440)} d ${pad(Math.floor((minutes % 1440) / 60))} h`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** `42 min left`, `under a minute left`, `3 h 20 min left`. */
export function formatLeft(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  if (minutes <= 1) return 'under a minute left';
  if (minutes < 60) return `${minutes} min left`;
  return minutes % 60 === 0 ? `${minutes / 60} h left` : `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

/** How long ago: `just now`, `12 s ago`, `4 min ago`, `3 h ago`, `2 d ago`. */
export function formatAge(ms: number): string {
  if (!(ms >= 1_000)) return 'just now';
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  return minutes < 24 * 60 ? `${Math.floor(minutes / 60)} h ago` : `${Math.floor(minutes / 1440)} d ago`;
}

/** A count as the person's browser writes numbers: `12,345`. */
export function formatCount(count: number): string {
  return count.toLocaleString();
}

/** `1 error`, `3 errors`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const FLOW_STATUS_TEXT: Record<FlowStatus, string> = {
  running: 'running',
  ok: 'ok',
  error: 'failed',
  aborted: 'aborted',
  timed_out: 'timed out',
  lost: 'lost',
};

export function flowStatusText(status: FlowStatus): string {
  return FLOW_STATUS_TEXT[status];
}
