import { parseEvent, type FlowEvent } from '@flow-tracking/protocol';
import { createAttributeEncoder } from './attributes';
import {
  createEventEncoder,
  flowText,
  durationText,
  maxBytesOf,
  PendingEvent,
  startedTsText,
  tsText,
} from './event-text';

const valueOf = (text: string): unknown => Object.values(JSON.parse(`{${text.slice(1)}}`) as object)[0];

describe('times as text', () => {
  it.each([0, 0.001, 0.25, 0.999, 0.9996, 1, 1.5, 12.034, 999.999, 1000, 86_400_000.007])(
    'say a duration of %p ms as JSON does',
    (ms) => {
      expect(valueOf(durationText(ms))).toBe(Number(ms.toFixed(3)));
      expect(durationText(ms)).toMatch(/^,"duration_ms":/);
    },
  );

  it('say epoch times as JSON does, one after another and back', () => {
    for (const ts of [1_764_050_000_000, 1_764_050_000_000.5, 1_764_050_000_001.25, 1_764_050_000_000.75, 0]) {
      expect(tsText(ts)).toBe(`,"ts":${ts}`.replace(/(\.\d+)$/, (fraction) => fraction.padEnd(4, '0')));
      expect(valueOf(startedTsText(ts))).toBe(ts);
    }
  });
});

describe('the encoder of events', () => {
  const encoder = createAttributeEncoder({ eventBytes: 65_536, attributes: 128, valueBytes: 16_384 }, undefined);
  const textOf = createEventEncoder(encoder);
  const flowId = '01KAWJ00000000000000000000';

  /** Numbers that look random and are the same in each run. */
  function createRandom(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    };
  }

  const PIECES = ['a', ' ', '"', '\\', '\n', '\u0001', 'ü', '漢', '😀', '/', '\u2028', '</script>', '__proto__'];
  const VALUES = (random: (below: number) => number): unknown[] => {
    const text = Array.from({ length: random(12) }, () => PIECES[random(PIECES.length)]).join('');
    return [
      text,
      random(1000) - 500,
      random(1e6) / 1000,
      -0,
      1e21,
      5e-324,
      true,
      false,
      null,
      { deep: [text, { text }] },
    ];
  };

  it('says of any event what JSON.stringify says of the plain object', () => {
    const random = createRandom(7);
    const pick = <T>(values: readonly T[]): T => values[random(values.length)] as T;
    const textOfRandom = (): string => pick(VALUES(random).filter((value) => typeof value === 'string'));
    for (let i = 0; i < 5000; i++) {
      const attributes = Object.fromEntries(
        Array.from({ length: random(6) }, (_, n) => [`${n}${textOfRandom()}`, pick(VALUES(random))]),
      );
      const given = {
        seq: random(200),
        ts: 1_764_050_000_000 + random(1e9) / 1000,
        name: `step ${textOfRandom()}`,
        parentId: pick([null, random(200)]),
        nodeId: random(200),
        durationMs: random(1e7) / 1000,
      };
      const isEnd = random(2) === 0;
      const status = pick(isEnd ? (['error', undefined] as const) : (['running', undefined] as const));
      const startedTs = given.ts - given.durationMs;
      const event = Object.assign(new PendingEvent(), given, {
        type: isEnd ? 'checkpoint_end' : 'checkpoint',
        flowText: flowText(flowId),
        status,
        startedTs,
        durationMs: status === 'running' ? NaN : given.durationMs,
        attributes: encoder.hold(attributes, given.name),
      });
      const micros = (ms: number): number => Math.round(ms * 1000) / 1000;
      const plain = {
        type: event.type,
        flow_id: flowId,
        seq: given.seq,
        ts: micros(given.ts),
        node_id: isEnd ? given.nodeId : given.seq,
        parent_id: given.parentId,
        checkpoint: given.name,
        status: status ?? 'ok',
        ...(isEnd && { started_ts: micros(startedTs) }),
        ...(status !== 'running' && { duration_ms: micros(given.durationMs) }),
        ...(Object.keys(attributes).length > 0 && { attributes }),
      };
      const text = textOf(event);
      expect(JSON.parse(text.slice(1))).toEqual(JSON.parse(JSON.stringify(plain)));
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytesOf(event));
    }
  });

  it('comes to no more bytes than it says, of the worst that a copy may hold', () => {
    for (const unit of ['x', '\u0001', '漢', '\ud800']) {
      const attributes = encoder.hold({ [unit.repeat(8)]: unit.repeat(500) }, 'llm');
      const event = Object.assign(new PendingEvent(), {
        flowText: flowText(flowId),
        name: unit.repeat(255),
        attributes,
      });
      event.durationMs = 1;
      expect(attributes).not.toHaveProperty('text');
      expect(Buffer.byteLength(textOf(event))).toBeLessThanOrEqual(maxBytesOf(event));
    }
  });

  it.each<[string, object, Partial<FlowEvent>]>([
    [
      'flow_start',
      { moreText: ',"session_id":"s","name":"n","service":"a","instance":"i"' },
      { session_id: 's', seq: 0 },
    ],
    ['flow_identified', { seq: 3, moreText: ',"user_id":"u"' }, { user_id: 'u', seq: 3 }],
    ['flow_end', { seq: 70, status: 'aborted', durationMs: 2.5 }, { status: 'aborted', duration_ms: 2.5, seq: 70 }],
  ])('makes a %s that the protocol takes', (type, fields, expected) => {
    const event = Object.assign(new PendingEvent(), { type, flowText: flowText(flowId), ts: 1.5 }, fields);
    expect(parseEvent(JSON.parse(textOf(event).slice(1)))).toMatchObject({ type, ts: 1.5, ...expected });
  });
});
