import { createFlowIds } from '@flow-tracking/protocol';
import { countChanges } from './count-changes';
import type { CheckpointRow } from './rows';

const flowId = createFlowIds()(Date.UTC(2026, 0, 2));
const ended: CheckpointRow = {
  flow_day: '2026-01-02',
  flow_id: flowId,
  node_id: 3,
  parent_id: null,
  checkpoint: 'llm_thinking',
  status: 'ok',
  started_ts: 1000,
  ended_ts: 1500,
  duration_ms: 500,
  attributes: {},
  error: null,
  input_tokens: 40,
  output_tokens: null,
  end_seq: 4,
};
const running: CheckpointRow = {
  ...ended,
  status: 'running',
  ended_ts: null,
  duration_ms: null,
  input_tokens: null,
  end_seq: null,
};
const runs = { end: null, isUnended: false };
const hasEnded = { end: { endedTs: 1500, durationMs: 500 }, isUnended: false };
const known = new Set([flowId]);
const none = new Set<string>();

describe('countChanges', () => {
  it('tells of an end once: when it was not there, or was running', () => {
    const first = countChanges([ended], none, new Map());
    expect(first.ended).toEqual([
      {
        checkpoint: 'llm_thinking',
        status: 'ok',
        endedTs: 1500,
        durationMs: 500,
        inputTokens: 40,
        outputTokens: 0,
        call: { model: '', cachedInputTokens: 0, firstChunkMs: null },
        isCorrection: false,
      },
    ]);
    const was = { status: 'running' as const, inputTokens: null, outputTokens: null, attributes: {}, ...runs };
    expect(countChanges([ended], known, new Map([[ended, was]])).ended).toHaveLength(1);
    const again = { status: 'ok' as const, inputTokens: 40, outputTokens: null, attributes: {}, ...hasEnded };
    expect(countChanges([ended], known, new Map([[ended, again]]))).toEqual({ ended: [], takenBack: [], counts: [] });
  });

  it('tells of a call what its begin and its end told, of whatever batch', () => {
    const attributes = {
      'gen_ai.response.model': 'm-2026',
      'gen_ai.usage.cache_read.input_tokens': 50,
      'flow.first_chunk_ms': 7,
    };
    const told: CheckpointRow = { ...ended, attributes };
    const was = {
      status: 'running' as const,
      inputTokens: null,
      outputTokens: null,
      attributes: { 'gen_ai.request.model': 'm', 'flow.first_chunk_ms': 9 },
      ...runs,
    };
    const [end] = countChanges([told], known, new Map([[told, was]])).ended;
    expect(end?.call).toEqual({ model: 'm-2026', cachedInputTokens: 40, firstChunkMs: 7 });
    const [other] = countChanges([ended], known, new Map([[ended, was]])).ended;
    expect(other?.call).toEqual({ model: 'm', cachedInputTokens: 0, firstChunkMs: 9 });
  });

  it('tells nothing of one that begins, nor of a begin after its end', () => {
    expect(countChanges([running], none, new Map()).ended).toEqual([]);
    const was = { status: 'ok' as const, inputTokens: 40, outputTokens: null, attributes: {}, ...hasEnded };
    expect(countChanges([running], known, new Map([[running, was]]))).toEqual({ ended: [], takenBack: [], counts: [] });
  });

  it('corrects what was counted when a begin after its end tells more', () => {
    const begin: CheckpointRow = { ...running, attributes: { 'gen_ai.request.model': 'm' } };
    const was = { status: 'ok' as const, inputTokens: 40, outputTokens: null, attributes: {}, ...hasEnded };
    const end = { endedTs: 1500, durationMs: 500, inputTokens: 40, isCorrection: true };
    expect(countChanges([begin], known, new Map([[begin, was]]))).toMatchObject({
      takenBack: [{ ...end, call: { model: '' } }],
      ended: [{ ...end, call: { model: 'm' } }],
      counts: [],
    });
  });

  it('adds only to flows that were there before, and only what is new', () => {
    expect(countChanges([ended], none, new Map()).counts).toEqual([]);
    const failed: CheckpointRow = { ...ended, status: 'error', output_tokens: 7 };
    const was = { status: 'running' as const, inputTokens: 30, outputTokens: null, attributes: {}, ...runs };
    expect(countChanges([failed], known, new Map([[failed, was]])).counts).toEqual([
      { flowDay: '2026-01-02', flowId, checkpoints: 0, errors: 1, inputTokens: 10, outputTokens: 7, unended: 0 },
    ]);
    expect(countChanges([ended], known, new Map()).counts).toMatchObject([
      { checkpoints: 1, errors: 0, inputTokens: 40 },
    ]);
  });

  it("replaces the end that a flow gave by the checkpoint's own", () => {
    const was = {
      status: 'error' as const,
      inputTokens: 40,
      outputTokens: null,
      attributes: {},
      end: { endedTs: 1200, durationMs: 200 },
      isUnended: true,
    };
    const changes = countChanges([ended], known, new Map([[ended, was]]));
    expect(changes.takenBack).toMatchObject([{ status: 'error', endedTs: 1200, durationMs: 200, inputTokens: 40 }]);
    expect(changes.ended).toMatchObject([{ status: 'ok', endedTs: 1500, durationMs: 500, isCorrection: true }]);
    expect(changes.counts).toMatchObject([{ checkpoints: 0, errors: -1, unended: -1 }]);
    expect(countChanges([running], known, new Map([[running, was]]))).toEqual({ ended: [], takenBack: [], counts: [] });
  });

  it('counts what a flow ended, and takes it back when the flow goes on', () => {
    const change = {
      flowDay: '2026-01-02',
      flowId,
      checkpoint: 'llm_thinking',
      status: 'error' as const,
      endedTs: 1200,
      durationMs: 200,
      wasStatus: 'running' as const,
      wasEndedTs: null,
      wasDurationMs: null,
      inputTokens: 3,
      outputTokens: null,
      attributes: { 'gen_ai.request.model': 'm' },
    };
    const changes = countChanges([], none, new Map(), [change]);
    expect(changes.ended).toMatchObject([
      { status: 'error', endedTs: 1200, inputTokens: 3, call: { model: 'm' }, isCorrection: false },
    ]);
    expect(changes.counts).toMatchObject([{ checkpoints: 0, errors: 1, unended: 1 }]);
    const back = {
      ...change,
      status: 'running' as const,
      endedTs: null,
      durationMs: null,
      wasStatus: 'error' as const,
      wasEndedTs: 1200,
      wasDurationMs: 200,
    };
    const undone = countChanges([], none, new Map(), [back]);
    expect(undone).toMatchObject({ ended: [], takenBack: [{ status: 'error', endedTs: 1200, durationMs: 200 }] });
    expect(undone.counts).toMatchObject([{ errors: -1, unended: -1 }]);
  });
});
