import { createFlowIds } from '@flow-tracking/protocol';
import type { CheckpointRow } from '../stores/rows';
import { countChanges } from './count-changes';

const flowId = createFlowIds()(Date.UTC(2026, 0, 2));
const ended: CheckpointRow = {
  flowDay: '2026-01-02',
  flowId,
  nodeId: 3,
  parentId: null,
  checkpoint: 'llm_thinking',
  status: 'ok',
  startedTs: 1000,
  endedTs: 1500,
  durationMs: 500,
  attributes: {},
  error: null,
  inputTokens: 40,
  outputTokens: null,
  endSeq: 4,
};
const running: CheckpointRow = {
  ...ended,
  status: 'running',
  endedTs: null,
  durationMs: null,
  inputTokens: null,
  endSeq: null,
};
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
        isCorrection: false,
      },
    ]);
    const was = { status: 'running' as const, inputTokens: null, outputTokens: null, unended: null };
    expect(countChanges([ended], known, new Map([[ended, was]])).ended).toHaveLength(1);
    const again = { status: 'ok' as const, inputTokens: 40, outputTokens: null, unended: null };
    expect(countChanges([ended], known, new Map([[ended, again]]))).toEqual({ ended: [], takenBack: [], counts: [] });
  });

  it('tells nothing of one that begins, nor of a begin after its end', () => {
    expect(countChanges([running], none, new Map()).ended).toEqual([]);
    const was = { status: 'ok' as const, inputTokens: 40, outputTokens: null, unended: null };
    expect(countChanges([running], known, new Map([[running, was]]))).toEqual({ ended: [], takenBack: [], counts: [] });
  });

  it('adds only to flows that were there before, and only what is new', () => {
    expect(countChanges([ended], none, new Map()).counts).toEqual([]);
    const failed: CheckpointRow = { ...ended, status: 'error', outputTokens: 7 };
    const was = { status: 'running' as const, inputTokens: 30, outputTokens: null, unended: null };
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
      unended: { endedTs: 1200, durationMs: 200 },
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
    };
    const changes = countChanges([], none, new Map(), [change]);
    expect(changes.ended).toMatchObject([{ status: 'error', endedTs: 1200, inputTokens: 3, isCorrection: false }]);
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
