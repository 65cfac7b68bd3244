import { createFlowIds } from '@flow-tracking/protocol';
import type { CheckpointState } from './checkpoints-store';
import { countChanges } from './count-changes';
import type { OpenChange } from './open-checkpoints-store';
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

  const state = (fields: Partial<CheckpointState> = {}): CheckpointState => ({
    status: 'ok',
    inputTokens: 40,
    outputTokens: null,
    attributes: {},
    ...hasEnded,
    ...fields,
  });

  it('takes the begin of an instant checkpoint for its end', () => {
    const instant: CheckpointRow = { ...ended, ended_ts: null, duration_ms: 2, end_seq: null };
    expect(countChanges([instant], none, new Map()).ended).toMatchObject([{ endedTs: 1000, durationMs: 2 }]);
  });

  it('leaves out of all figures the checkpoints of the checks, which count in their flows', () => {
    const check: CheckpointRow = { ...ended, checkpoint: 'flow_check' };
    const first = countChanges([check], known, new Map());
    expect(first).toMatchObject({ ended: [], counts: [{ checkpoints: 1 }] });
    const begin: CheckpointRow = { ...running, checkpoint: 'flow_check', attributes: { 'gen_ai.request.model': 'm' } };
    expect(countChanges([begin], known, new Map([[begin, state()]]))).toEqual({ ended: [], takenBack: [], counts: [] });
  });

  it.each([
    ['input tokens', { input_tokens: 50 }, { inputTokens: null }],
    ['output tokens', { output_tokens: 9 }, {}],
    ['a model', { attributes: { 'gen_ai.request.model': 'm' } }, {}],
    ['tokens from a cache', { attributes: { 'gen_ai.usage.cache_read.input_tokens': 7 } }, {}],
    ['a first chunk', { attributes: { 'flow.first_chunk_ms': 7 } }, {}],
  ])('corrects what was counted by %s alone', (_what, told, was) => {
    const begin: CheckpointRow = { ...running, ...told };
    const changes = countChanges([begin], known, new Map([[begin, state(was)]]));
    expect([changes.takenBack.length, changes.ended.length]).toEqual([1, 1]);
    expect(changes.ended[0]).toMatchObject({ status: 'ok', endedTs: 1500, durationMs: 500, isCorrection: true });
    expect(changes.ended[0]).not.toEqual(changes.takenBack[0]);
  });

  it('lets a begin fill in what the end did not tell, and change nothing that it did', () => {
    const begin: CheckpointRow = {
      ...running,
      input_tokens: 1,
      output_tokens: 2,
      attributes: { 'gen_ai.request.model': 'begin', 'flow.first_chunk_ms': 3 },
    };
    const was = state({ attributes: { 'gen_ai.request.model': 'end' } });
    const { ended: right } = countChanges([begin], known, new Map([[begin, was]]));
    expect(right).toMatchObject([
      { inputTokens: 40, outputTokens: 2, call: { model: 'end', firstChunkMs: 3 }, status: 'ok' },
    ]);
  });

  it('adds up the tokens of all checkpoints of a flow, and what they differ by', () => {
    const other: CheckpointRow = { ...ended, node_id: 4, input_tokens: 2, output_tokens: 5 };
    expect(countChanges([ended, other], known, new Map()).counts).toMatchObject([
      { checkpoints: 2, inputTokens: 42, outputTokens: 5 },
    ]);
    const was = state({ status: 'running', inputTokens: 45, outputTokens: 1, ...runs });
    expect(countChanges([other], known, new Map([[other, was]])).counts).toMatchObject([
      { checkpoints: 0, inputTokens: -43, outputTokens: 4 },
    ]);
  });

  it.each([
    ['checkpoints', { ...running, node_id: 9 }, undefined],
    ['errors', { ...ended, status: 'error' as const }, state({ status: 'running', ...runs })],
    ['input tokens', { ...running, input_tokens: 4 }, state({ status: 'running', inputTokens: null, ...runs })],
    ['output tokens', { ...running, output_tokens: 4 }, state({ status: 'running', ...runs })],
  ])('tells of a flow of which only %s change', (_what, row: CheckpointRow, was) => {
    const before = was === undefined ? new Map() : new Map([[row, was]]);
    expect(countChanges([row], known, before).counts).toHaveLength(1);
  });

  const open: OpenChange = {
    flowDay: '2026-01-02',
    flowId,
    checkpoint: 'llm_thinking',
    status: 'aborted',
    endedTs: 1200,
    durationMs: 200,
    wasStatus: 'running',
    wasEndedTs: null,
    wasDurationMs: null,
    inputTokens: null,
    outputTokens: null,
    attributes: {},
  };

  it('tells of a flow of which only ends that it gave change', () => {
    expect(countChanges([], none, new Map(), [open])).toMatchObject({
      takenBack: [],
      counts: [{ unended: 1, errors: 0 }],
    });
  });

  it('tells no tokens of a checkpoint that told none', () => {
    const { counts } = countChanges([{ ...ended, input_tokens: null }], known, new Map());
    expect(counts).toMatchObject([{ checkpoints: 1, inputTokens: null, outputTokens: null }]);
  });

  it('corrects an end that a flow gave once, also when its own end tells more', () => {
    const row: CheckpointRow = { ...ended, output_tokens: 9 };
    const { takenBack, ended: counted } = countChanges([row], known, new Map([[row, state({ isUnended: true })]]));
    expect([takenBack.length, counted.length]).toEqual([1, 1]);
  });

  it('counts an end that a flow gave anew, when the flow ended otherwise, as a correction', () => {
    const again: OpenChange = { ...open, wasStatus: 'error', wasEndedTs: 1100, wasDurationMs: 100 };
    expect(countChanges([], none, new Map(), [again])).toMatchObject({
      takenBack: [{ status: 'error', endedTs: 1100, durationMs: 100, isCorrection: false }],
      ended: [{ status: 'aborted', endedTs: 1200, durationMs: 200, isCorrection: true }],
      counts: [{ errors: -1, unended: 0 }],
    });
  });

  it('adds to one flow what rows and ends that it gave come to', () => {
    expect(countChanges([ended], known, new Map(), [open]).counts).toMatchObject([
      { flowId, checkpoints: 1, unended: 1, inputTokens: 40 },
    ]);
  });
});
