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
      { checkpoint: 'llm_thinking', status: 'ok', endedTs: 1500, durationMs: 500, inputTokens: 40, outputTokens: 0 },
    ]);
    const was = { status: 'running' as const, inputTokens: null, outputTokens: null };
    expect(countChanges([ended], known, new Map([[ended, was]])).ended).toHaveLength(1);
    const again = { status: 'ok' as const, inputTokens: 40, outputTokens: null };
    expect(countChanges([ended], known, new Map([[ended, again]]))).toEqual({ ended: [], counts: [] });
  });

  it('tells nothing of one that begins, nor of a begin after its end', () => {
    expect(countChanges([running], none, new Map()).ended).toEqual([]);
    const was = { status: 'ok' as const, inputTokens: 40, outputTokens: null };
    expect(countChanges([running], known, new Map([[running, was]]))).toEqual({ ended: [], counts: [] });
  });

  it('adds only to flows that were there before, and only what is new', () => {
    expect(countChanges([ended], none, new Map()).counts).toEqual([]);
    const failed: CheckpointRow = { ...ended, status: 'error', outputTokens: 7 };
    const was = { status: 'running' as const, inputTokens: 30, outputTokens: null };
    expect(countChanges([failed], known, new Map([[failed, was]])).counts).toEqual([
      { flowDay: '2026-01-02', flowId, checkpoints: 0, errors: 1, inputTokens: 10, outputTokens: 7 },
    ]);
    expect(countChanges([ended], known, new Map()).counts).toMatchObject([
      { checkpoints: 1, errors: 0, inputTokens: 40 },
    ]);
  });
});
