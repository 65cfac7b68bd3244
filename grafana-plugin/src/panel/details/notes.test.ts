import type { PanelFlow } from '../../frames/panel-flow';
import { testNode } from '../layout/test-forest';
import { notesOf } from './notes';

const flow = { status: 'error' } as PanelFlow;

describe('notesOf', () => {
  it('says what a reader would wonder about', () => {
    expect(notesOf(flow, testNode(1, null, { status: 'running' }), null)).toEqual([
      'The flow has ended (failed); this has not.',
    ]);
    expect(notesOf(flow, testNode(1, null, { status: 'lost', attributes: { 'flow.unended': true } }), null)).toEqual([
      'Its process died before it ended.',
    ]);
    expect(
      notesOf(flow, testNode(1, 9, { status: 'aborted', attributes: { 'flow.unended': true } }), 'missing_parent'),
    ).toEqual([
      'It ended with the flow, not by the application.',
      'Its parent is not in this data, so it stands at the top.',
    ]);
  });

  it('says nothing of a node that is as it should be', () => {
    expect(notesOf(flow, testNode(1, null), null)).toEqual([]);
  });
});
