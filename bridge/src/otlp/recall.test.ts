import { createHash } from 'node:crypto';
import { factText, rootFactText } from './facts';
import type { MappedSpan } from './map-span';
import { fieldsOf, isNewTrace } from './recall';
import type { RecordedSpan, RecordedTrace } from './traces-store';

const NOW = 1_800_000_000_000;
const MEMORY_S = 3_600;

const digest = (text: string): string => `x${createHash('sha1').update(text).digest('hex')}`;

describe('isNewTrace', () => {
  const spans = (startMs: number, parentIds: string[]) =>
    parentIds.map((parentId) => ({ startMs, parentId }) as MappedSpan);

  it.each([
    ['with its root, just begun', NOW - 1_000, ['', 'a'], true],
    ['of the future, with its root', NOW + 60_000, [''], true],
    ['without its root', NOW - 1_000, ['a'], false],
    ['as old as half of the memory', NOW - MEMORY_S * 500, [''], false],
    ['of yesterday', NOW - 86_400_000, ['', 'a'], false],
  ])('%s', (_which, startMs, parentIds, isNew) => {
    expect(isNewTrace(spans(startMs, parentIds), NOW, MEMORY_S)).toBe(isNew);
  });
});

describe('fieldsOf', () => {
  const trace = (of: Partial<RecordedTrace>): RecordedTrace => ({
    traceId: 't',
    flowId: 'flow',
    userId: null,
    sessionId: null,
    name: null,
    startedTs: NOW,
    hasEnded: false,
    lastSeq: 0,
    spans: [],
    ...of,
  });
  const span = (of: Partial<RecordedSpan>): RecordedSpan => ({
    nodeId: 1,
    parentNode: null,
    endSeq: null,
    spanId: 'aa',
    parentId: null,
    ...of,
  });
  const read = (of: Partial<RecordedTrace>): Record<string, string> => {
    const fields = fieldsOf(trace(of));
    return Object.fromEntries(fields.flatMap((field, i) => (i % 2 === 0 ? [[field, fields[i + 1] ?? '']] : [])));
  };

  it('has what was told of each span: its begin, its end apart, or both at once', () => {
    const spans = [
      span({ spanId: 'aa', nodeId: 1 }),
      span({ spanId: 'bb', nodeId: 2, endSeq: 5 }),
      span({ spanId: 'cc', nodeId: 3, endSeq: 3 }),
    ];
    expect(read({ spans, lastSeq: 6 })).toEqual({ f: 'flow', n: '6', c: '0', aa: '1p', bb: '2p5', cc: '3e' });
  });

  it('has the number of a parent that has not come, and goes on after it', () => {
    const spans = [span({ nodeId: 3, endSeq: 3, parentNode: 4, parentId: 'dd' })];
    expect(read({ spans, lastSeq: 3 })).toMatchObject({ n: '4', dd: '4', aa: '3e' });
  });

  it('knows a parent that has come by itself, whichever stands first', () => {
    const child = span({ spanId: 'bb', nodeId: 2, endSeq: 2, parentNode: 1, parentId: 'aa' });
    const parent = span({ spanId: 'aa', nodeId: 1, endSeq: 1 });
    for (const spans of [
      [child, parent],
      [parent, child],
    ])
      expect(read({ spans })).toMatchObject({ aa: '1e' });
  });

  it('counts as told what history shows of user, session, name and end', () => {
    const fields = read({ userId: 'ann', sessionId: 's', name: 'turn', hasEnded: true });
    const told = [
      factText('ann', 's'),
      factText('ann', undefined),
      factText(undefined, 's'),
      rootFactText('turn', NOW),
    ];
    expect(fields).toEqual({
      f: 'flow',
      n: '0',
      c: '4',
      u: 'ann',
      r: '00000000000000000',
      ...Object.fromEntries(told.map((fact) => [digest(fact), '0w'])),
    });
  });
});
