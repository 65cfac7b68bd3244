import { seededRandom } from '../../../../protocol/src/testing/sample-events';
import { createFlowNodes } from '../../frames/flow-nodes';
import type { PanelNode } from '../../frames/panel-flow';
import { createFailures } from './failures';

const node = (id: string, parentId: string | null, status: PanelNode['status'], message = 'SMTP 550') =>
  ({
    id,
    parentId,
    status,
    startedTs: Number(id),
    error: status === 'error' ? { type: 'E', message } : null,
  }) as PanelNode;

describe('createFailures', () => {
  it('counts a failure where it began, and not where it passed through', () => {
    const nodes = createFlowNodes([
      node('1', null, 'error'),
      node('2', '1', 'error'),
      node('3', '2', 'error'),
      node('4', '2', 'error', 'another'),
      node('5', null, 'aborted'),
    ]);
    const failures = createFailures(nodes);
    failures.update();
    expect([failures.count, failures.firstIndex]).toEqual([2, 2]);
    expect(nodes.list.map((_, index) => failures.beganAt(index))).toEqual([false, false, true, true, false]);
  });

  it('counts a report of a failure only when nothing else failed', () => {
    const report = { ...node('3', '1', 'error'), checkpoint: 'error', error: null };
    const nodes = createFlowNodes([report]);
    const failures = createFailures(nodes);
    failures.update();
    expect([failures.count, failures.beganAt(0)]).toEqual([1, true]);
    nodes.put(node('2', '1', 'error'));
    failures.update();
    expect([failures.count, failures.firstIndex, failures.beganAt(0)]).toEqual([1, 1, false]);
  });

  it('is not misled by a node that names itself as its parent', () => {
    const failures = createFailures(createFlowNodes([node('1', '1', 'error')]));
    failures.update();
    expect(failures.count).toBe(1);
  });

  it('comes to the same whatever the order in which nodes come and change', () => {
    const random = seededRandom(7);
    const STATUSES = ['running', 'ok', 'error', 'aborted'] as const;
    for (let round = 0; round < 50; round++) {
      const nodes = createFlowNodes();
      const grown = createFailures(nodes);
      for (let i = 0; i < 60; i++) {
        const id = 1 + Math.floor(random() * 20);
        const parent = Math.floor(random() * 20);
        const status = STATUSES[Math.floor(random() * 4)] ?? 'ok';
        nodes.put(node(String(id), parent === 0 ? null : String(parent), status, random() < 0.7 ? 'a' : 'b'));
        grown.update();
        const passedOn = (at: PanelNode) =>
          nodes.list.some(
            (child) =>
              child.id !== at.id &&
              child.parentId === at.id &&
              child.status === 'error' &&
              child.error?.message === at.error?.message,
          );
        expect(nodes.list.map((_, index) => grown.beganAt(index))).toEqual(
          nodes.list.map((at) => at.status === 'error' && !passedOn(at)),
        );
      }
    }
  });
});
