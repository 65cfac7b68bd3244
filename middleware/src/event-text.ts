import type { CheckpointStatus, FlowEndStatus } from '@flow-tracking/protocol';

/**
 * Events as JSON text, by concatenation: a fifth of what `JSON.stringify` costs. Every argument that ends in `Text` is
 * JSON already (strings with their quotes, `…,"attributes":{…}` with its comma, or empty). The shapes are those of the
 * protocol's events; the tests parse what comes out with its parser.
 */

const FRACTIONS = Array.from({ length: 1000 }, (_, micros) =>
  micros === 0 ? '' : `.${String(micros).padStart(3, '0')}`,
);
let latestMs = -1;
let latestText = '';

/**
 * Ms as text with up to three decimals, for 0 and above. Putting it together from the whole ms, which repeat, and a
 * table costs a tenth of what printing such a double does, and that was most of an event's cost.
 */
export function msText(ms: number): string {
  const micros = Math.round(ms * 1000);
  const whole = Math.floor(micros / 1000);
  if (whole !== latestMs) {
    latestMs = whole;
    latestText = String(whole);
  }
  return latestText + (FRACTIONS[micros - whole * 1000] ?? '');
}

/**
 * V8 keeps a concatenation as a tree until somebody reads it; what goes into many events is read once, here, so that it
 * is one leaf in all of their trees.
 */
function flat(text: string): string {
  Number(text);
  return text;
}

/** `"flow_id":"…","seq":`, the part that all events of a flow share. */
export function flowText(flowId: string): string {
  return flat(`"flow_id":"${flowId}","seq":`);
}

const NODES = 64;
/** `,"node_id":…,"parent_id":null,"checkpoint":` of the first nodes of a flow, which most flows have no more of. */
const TOP_NODES = Array.from({ length: NODES }, (_, seq) => flat(`,"node_id":${seq},"parent_id":null,"checkpoint":`));

function placeText(nodeId: number, parentId: number | null): string {
  const known = parentId === null ? TOP_NODES[nodeId] : undefined;
  return known ?? `,"node_id":${nodeId},"parent_id":${parentId},"checkpoint":`;
}

export function flowStartText(
  flow: string,
  ts: number,
  sessionText: string,
  nameText: string,
  processText: string,
  optionalText: string,
): string {
  return `{"type":"flow_start",${flow}0,"ts":${msText(ts)},"session_id":${sessionText},"name":${nameText}${processText}${optionalText}}`;
}

export function flowIdentifiedText(
  flow: string,
  seq: number,
  ts: number,
  userText: string,
  sessionText: string | undefined,
): string {
  const session = sessionText === undefined ? '' : `,"session_id":${sessionText}`;
  return `{"type":"flow_identified",${flow}${seq},"ts":${msText(ts)},"user_id":${userText}${session}}`;
}

const STATUS_TEXTS: Readonly<Record<CheckpointStatus, string>> = {
  running: ',"status":"running"',
  ok: ',"status":"ok"',
  error: ',"status":"error"',
};

/** `,"duration_ms":…` of an instant checkpoint. */
export function durationText(durationMs: number): string {
  return `,"duration_ms":${msText(durationMs)}`;
}

/** @param optionalText `,"duration_ms":…`, `,"attributes":…` */
export function checkpointText(
  flow: string,
  seq: number,
  ts: number,
  parentId: number | null,
  nameText: string,
  status: CheckpointStatus,
  optionalText: string,
): string {
  return `{"type":"checkpoint",${flow}${seq},"ts":${msText(ts)}${placeText(seq, parentId)}${nameText}${STATUS_TEXTS[status]}${optionalText}}`;
}

export function checkpointEndText(
  flow: string,
  seq: number,
  ts: number,
  nodeText: string,
  status: Exclude<CheckpointStatus, 'running'>,
  durationMs: number,
  optionalText: string,
): string {
  return `{"type":"checkpoint_end",${flow}${seq},"ts":${msText(ts)}${nodeText},"status":"${status}","duration_ms":${msText(durationMs)}${optionalText}}`;
}

/** The part of a timed checkpoint's end that its begin knows. */
export function nodeText(nodeId: number, parentId: number | null, nameText: string, startedTs: number): string {
  return `${placeText(nodeId, parentId)}${nameText},"started_ts":${msText(startedTs)}`;
}

export function flowEndText(
  flow: string,
  seq: number,
  ts: number,
  status: FlowEndStatus,
  durationMs: number,
  optionalText: string,
): string {
  return `{"type":"flow_end",${flow}${seq},"ts":${msText(ts)},"status":"${status}","duration_ms":${msText(durationMs)}${optionalText}}`;
}
