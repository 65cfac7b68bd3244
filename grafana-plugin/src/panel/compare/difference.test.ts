import type { PanelNode } from '../../frames/panel-flow';
import { formatDuration } from '../format';
import { testNode } from '../layout/test-forest';
import { differenceOf, differenceText, isDifferent, toneOf } from './difference';

const took = (durationMs: number, more: Partial<PanelNode> = {}): PanelNode =>
  testNode(1, null, { startedTs: 1_000, endedTs: 1_000 + durationMs, durationMs, ...more });
const running = testNode(1, null, { startedTs: 1_000, status: 'running', durationMs: null });
const failed = took(80, { status: 'error' });

describe('differenceOf', () => {
  it.each<[string, PanelNode | undefined, PanelNode | undefined, boolean, string]>([
    ['31 ms +4 ms', took(31), took(27), false, 'none'],
    ['412 ms −80 ms', took(412), took(492), true, 'better'],
    ['9.1 s +1.2 s', took(9_100), took(7_900), true, 'worse'],
    ['1.0 s +50 ms', took(1_000), took(950), false, 'none'],
    ['31 ms', took(31), took(31), false, 'none'],
    ['failed, was ok', failed, took(80), true, 'worse'],
    ['ok, was failed', took(80), failed, true, 'better'],
    ['aborted, was timed out', took(9, { status: 'aborted' }), took(9, { status: 'timed_out' }), true, 'none'],
    ['only here', took(80), undefined, true, 'shape'],
    ['only there', undefined, took(80), true, 'shape'],
    ['2.4 s running', running, took(80), false, 'none'],
    ['still runs there', took(80), running, false, 'none'],
  ])('says %s', (text, own, other, differs, tone) => {
    const difference = differenceOf(own, other, 3_400);
    expect(differenceText(difference, formatDuration)).toBe(text);
    expect(isDifferent(difference)).toBe(differs);
    expect(toneOf(difference)).toBe(tone);
  });
});
