import type { FlowRecord } from '../record-fields';
import { FLOW_ID } from './sample-events';

/** A flow that history has begun to know: it runs, and nothing is told that need not be. */
export function runningRecord(told: Partial<FlowRecord> = {}): FlowRecord {
  return {
    flow_id: FLOW_ID,
    session_id: FLOW_ID,
    user_id: null,
    name: '',
    service: '',
    instance: '',
    status: 'running',
    started_ts: 0,
    ended_ts: null,
    duration_ms: null,
    http_status: null,
    error: null,
    trace_id: null,
    attributes: {},
    checkpoint_count: 0,
    error_count: 0,
    input_tokens: null,
    output_tokens: null,
    last_seq: 0,
    ...told,
  };
}
