import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { flowIdTime } from '@flow-tracking/protocol';
import { currentFlow } from './api';
import { createHarness, outline, START_MS, type FlowHarness } from '../testing/harness';

describe('a flow', () => {
  let harness: FlowHarness;
  const outlines = (): string[] => harness.events().map(outline);
  beforeEach(() => {
    harness = createHarness();
  });

  it('records the events of a chat request exactly', () => {
    const flow = harness.flow();
    harness.pass(2.5);
    flow.checkpoint('auth_check', { status: 'passed' });
    harness.pass(1.25);
    flow.identify({ userId: '123', sessionId: 's-1' });
    const llm = flow.begin('llm_thinking', { 'gen_ai.request.model': 'sim-1' });
    harness.pass(10);
    const tool = llm.begin('tool_call', { 'gen_ai.tool.name': 'search' });
    harness.pass(4.125);
    tool.fail(Object.assign(new Error('too slow'), { code: 'ETIMEDOUT' }));
    harness.pass(6);
    llm.end({ 'gen_ai.usage.output_tokens': 812 });
    flow.checkpoint('llm_complete');
    flow.end();

    const { id: flow_id } = flow;
    expect(flowIdTime(flow_id)).toBe(START_MS);
    expect(harness.events()).toEqual([
      {
        type: 'flow_start',
        flow_id,
        seq: 0,
        ts: START_MS,
        session_id: flow_id,
        name: 'POST /ask',
        service: 'chat',
        instance: 'chat-1',
      },
      {
        type: 'checkpoint',
        flow_id,
        seq: 1,
        ts: START_MS + 2.5,
        node_id: 1,
        parent_id: null,
        checkpoint: 'auth_check',
        status: 'ok',
        duration_ms: 2.5,
        attributes: { status: 'passed' },
      },
      { type: 'flow_identified', flow_id, seq: 2, ts: START_MS + 3.75, user_id: '123', session_id: 's-1' },
      {
        type: 'checkpoint',
        flow_id,
        seq: 3,
        ts: START_MS + 3.75,
        node_id: 3,
        parent_id: null,
        checkpoint: 'llm_thinking',
        status: 'running',
        attributes: { 'gen_ai.request.model': 'sim-1' },
      },
      {
        type: 'checkpoint',
        flow_id,
        seq: 4,
        ts: START_MS + 13.75,
        node_id: 4,
        parent_id: 3,
        checkpoint: 'tool_call',
        status: 'running',
        attributes: { 'gen_ai.tool.name': 'search' },
      },
      {
        type: 'checkpoint_end',
        flow_id,
        seq: 5,
        ts: START_MS + 17.875,
        node_id: 4,
        parent_id: 3,
        checkpoint: 'tool_call',
        started_ts: START_MS + 13.75,
        status: 'error',
        duration_ms: 4.125,
        error: { type: 'ETIMEDOUT', message: 'too slow' },
      },
      {
        type: 'checkpoint_end',
        flow_id,
        seq: 6,
        ts: START_MS + 23.875,
        node_id: 3,
        parent_id: null,
        checkpoint: 'llm_thinking',
        started_ts: START_MS + 3.75,
        status: 'ok',
        duration_ms: 20.125,
        attributes: { 'gen_ai.usage.output_tokens': 812 },
      },
      {
        type: 'checkpoint',
        flow_id,
        seq: 7,
        ts: START_MS + 23.875,
        node_id: 7,
        parent_id: null,
        checkpoint: 'llm_complete',
        status: 'ok',
        duration_ms: 0,
      },
      { type: 'flow_end', flow_id, seq: 8, ts: START_MS + 23.875, status: 'ok', duration_ms: 23.875 },
    ]);
  });

  it('has a start and an end when nothing is recorded between', () => {
    harness.flow().end();
    expect(outlines()).toEqual(['0 start POST /ask', '1 end ok']);
  });

  it('measures an instant checkpoint from the previous event under the same parent', () => {
    const flow = harness.flow();
    const llm = flow.begin('llm');
    harness.pass(5);
    llm.checkpoint('first_token');
    harness.pass(7);
    flow.checkpoint('beside');
    llm.checkpoint('second_token');
    const durations = harness.events().flatMap((event) => (event.type === 'checkpoint' ? [event.duration_ms] : []));
    expect(durations).toEqual([undefined, 5, 12, 7]);
  });

  it('maps the attribute status, and keeps it', () => {
    const flow = harness.flow();
    flow.checkpoint('quota', { status: 'failed' });
    flow.begin('search').end({ status: 'failed' });
    expect(outlines().slice(1)).toEqual([
      '1 quota error under top',
      '2 search running under top',
      '3 end of 2 search error',
    ]);
    expect(harness.events()[1]).toMatchObject({ attributes: { status: 'failed' } });
  });

  it('nests parallel branches under their own run', async () => {
    const flow = harness.flow();
    const tool = (name: string, ms: number): Promise<string> =>
      flow.run(name, async () => {
        await delay(ms);
        currentFlow().checkpoint(`${name}_inner`);
        await flow.run(`${name}_deeper`, () => delay(1));
        return name;
      });
    await flow.within(() =>
      flow.run('llm', async () => {
        expect(await Promise.all([tool('a', 12), tool('b', 3), tool('c', 7)])).toEqual(['a', 'b', 'c']);
      }),
    );
    const parents = new Map<string, number | null>();
    const ids = new Map<string, number>();
    for (const event of harness.events()) {
      if (event.type !== 'checkpoint') continue;
      parents.set(event.checkpoint, event.parent_id);
      ids.set(event.checkpoint, event.node_id);
    }
    expect(parents.get('llm')).toBeNull();
    for (const name of ['a', 'b', 'c']) {
      expect(parents.get(name)).toBe(ids.get('llm'));
      expect(parents.get(`${name}_inner`)).toBe(ids.get(name));
      expect(parents.get(`${name}_deeper`)).toBe(ids.get(name));
    }
  });

  it('keeps two flows apart that run within each other', () => {
    const outer = harness.flow();
    const inner = harness.flow();
    outer.run('outer_step', () => {
      inner.checkpoint('inner_step');
      inner.within(() => {
        expect(currentFlow()).toBe(inner);
      });
      expect(currentFlow()).toBe(outer);
    });
    expect(currentFlow().recording).toBe(false);
    const step = harness.events().find((event) => event.type === 'checkpoint' && event.checkpoint === 'inner_step');
    expect(step).toMatchObject({ flow_id: inner.id, parent_id: null });
  });

  it('gives what a run gives, and throws what it throws', async () => {
    const flow = harness.flow();
    expect(flow.run('sync', () => 7)).toBe(7);
    expect(() =>
      flow.run('sync_fails', () => {
        throw new RangeError('no');
      }),
    ).toThrow('no');
    await expect(flow.run('fails', { a: 1 }, () => Promise.reject(new TypeError('never')))).rejects.toThrow('never');
    expect(outlines().slice(1)).toEqual([
      '1 sync running under top',
      '2 end of 1 sync ok',
      '3 sync_fails running under top',
      '4 end of 3 sync_fails error',
      '5 fails running under top',
      '6 end of 5 fails error',
    ]);
    expect(harness.events()[6]).toMatchObject({ error: { type: 'TypeError', message: 'never' } });
  });

  it('starts a lazy thenable once', async () => {
    let started = 0;
    const query = {
      then(resolve: (rows: number) => void) {
        started += 1;
        resolve(started);
      },
    };
    expect(await harness.flow().run('query', () => query as unknown as Promise<number>)).toBe(1);
    expect(started).toBe(1);
  });

  it('leaves a run alone that its function has ended', () => {
    harness.flow().run('llm', (llm) => {
      llm.end({ tokens: 3 });
    });
    expect(outlines().slice(1)).toEqual(['1 llm running under top', '2 end of 1 llm ok']);
    expect(harness.misused).toEqual([]);
  });

  it('counts a second end and changes nothing by it', () => {
    const flow = harness.flow();
    const llm = flow.begin('llm');
    llm.end();
    llm.fail(new Error('late'));
    flow.end();
    flow.end('error');
    expect(outlines()).toEqual(['0 start POST /ask', '1 llm running under top', '2 end of 1 llm ok', '3 end ok']);
    expect(harness.misused).toEqual(['ended_twice', 'ended_twice']);
  });

  it('takes checkpoints after its end, and leaves nodes running that nobody ended', () => {
    const flow = harness.flow();
    flow.begin('background');
    flow.end();
    flow.checkpoint('late');
    expect(outlines().slice(1)).toEqual(['1 background running under top', '2 end ok', '3 late ok under top']);
  });

  it('ends as an error after fail', () => {
    const flow = harness.flow();
    flow.fail(new Error('model is gone'));
    flow.end();
    expect(harness.events()[1]).toMatchObject({
      status: 'error',
      error: { type: 'Error', message: 'model is gone' },
    });
  });

  it.each([
    ['ok', 200, true],
    ['ok', 404, true],
    ['error', 503, true],
    ['aborted', 200, false],
    ['aborted', undefined, false],
  ] as const)('ends %s when a response of %p closes, complete: %p', (status, httpStatus, isComplete) => {
    const flow = harness.flow();
    const { signal } = flow;
    flow.close(httpStatus, isComplete);
    expect(harness.events()[1]).toMatchObject({ type: 'flow_end', status });
    expect(signal.aborted).toBe(!isComplete);
  });

  it.each([
    [429, 'error'],
    [200, 'ok'],
  ])('of a request answered %i while a checkpoint is open ends as %s', (httpStatus, status) => {
    const flow = harness.flow();
    flow.begin('usage_check').end();
    flow.begin('llm_thinking');
    flow.close(httpStatus, true);
    expect(harness.events().at(-1)).toMatchObject({ type: 'flow_end', status, http_status: httpStatus });
  });

  it('survives what is no name, no attributes, no identity', () => {
    const flow = harness.flow();
    const anything = flow as unknown as Record<string, (...args: unknown[]) => unknown>;
    anything['checkpoint']?.(undefined);
    anything['checkpoint']?.(Symbol('x'), 'text');
    anything['begin']?.('', [1]);
    anything['identify']?.();
    anything['identify']?.({ userId: { id: 1 } });
    anything['identify']?.({ userId: 'x'.repeat(300) });
    flow.checkpoint('n'.repeat(10_000));
    flow.checkpoint('\0\ud800"\r\n');
    flow.end();
    expect(harness.events().flatMap((event) => (event.type === 'checkpoint' ? [event.checkpoint] : []))).toEqual([
      'unnamed',
      'unnamed',
      'unnamed',
      'n'.repeat(255),
      '\ufffd"\r\n',
    ]);
    expect(harness.misused).toEqual(['invalid_id', 'invalid_id']);
  });
});

describe('the user of a flow', () => {
  it('is published from where it is known, earlier events first', () => {
    const harness = createHarness();
    harness.monitoring.replace([['123', START_MS + 60_000]]);
    const flow = harness.flow();
    flow.checkpoint('auth_check');
    expect(harness.published.size).toBe(0);
    flow.identify({ userId: 123 });
    flow.checkpoint('llm_complete');
    flow.end();
    expect(harness.published.get('123')).toEqual(harness.events());
  });

  it('is not published unless monitored, nor after the grant expired', () => {
    const harness = createHarness();
    harness.monitoring.replace([['123', START_MS + 1000]]);
    const other = harness.flow();
    other.identify({ userId: 'alice' });
    other.end();
    const flow = harness.flow({ userId: () => '123' });
    flow.checkpoint('a');
    harness.pass(1000);
    flow.checkpoint('b');
    expect(harness.published.get('alice')).toBeUndefined();
    expect(harness.published.get('123')?.map(outline)).toEqual(['0 start POST /ask', '1 a ok under top']);
  });

  it('stands in the start when the option knows it then', () => {
    const harness = createHarness();
    const flow = harness.flow({ userId: () => 'bob', sessionId: () => 's-9' });
    flow.checkpoint('a');
    expect(harness.events()[0]).toMatchObject({ type: 'flow_start', user_id: 'bob', session_id: 's-9' });
    expect(harness.events()).toHaveLength(2);
  });

  it('is asked for again until the option knows it', () => {
    const harness = createHarness();
    const users: string[] = [];
    const flow = harness.flow({ userId: () => users[0] });
    flow.checkpoint('auth_check');
    users.push('bob');
    flow.checkpoint('b');
    flow.checkpoint('c');
    expect(harness.events().map(outline)).toEqual([
      '0 start POST /ask',
      '1 auth_check ok under top',
      '2 user bob',
      '3 b ok under top',
      '4 c ok under top',
    ]);
  });

  it('is recorded once when said twice', () => {
    const harness = createHarness();
    const flow = harness.flow();
    flow.identify({ userId: '1' });
    flow.identify({ userId: '1' });
    flow.identify({ userId: '1', sessionId: 's' });
    expect(harness.events().map(outline)).toEqual(['0 start POST /ask', '1 user 1', '2 user 1']);
  });

  it('gets only the beginning of a flow that had very much to keep', () => {
    const harness = createHarness();
    harness.monitoring.replace([['123', START_MS + 60_000]]);
    const flow = harness.flow();
    for (let i = 0; i < 1000; i++) flow.checkpoint('chunk', { text: 'x'.repeat(200) });
    flow.identify({ userId: '123' });
    const seqs = harness.published.get('123')?.map(({ seq }) => seq) ?? [];
    expect(seqs.length).toBeLessThan(250);
    expect(seqs[0]).toBe(0);
    expect(seqs.at(-1)).toBe(1001);
  });
});

describe('a checkpoint that began before it was told', () => {
  /** A flow that is 100 ms old. */
  function oldFlow(): { harness: FlowHarness; flow: ReturnType<FlowHarness['flow']> } {
    const harness = createHarness();
    const flow = harness.flow();
    flow.checkpoint('before');
    harness.pass(100);
    return { harness, flow };
  }

  it.each<[string, number | Date]>([
    ['epoch ms', START_MS + 40],
    ['a Date', new Date(START_MS + 40)],
  ])('began when it says, in %s', (_what, startedAt) => {
    const { harness, flow } = oldFlow();
    const llm = flow.begin('llm', { model: 'm' }, { startedAt });
    harness.pass(10);
    llm.firstChunk();
    harness.pass(10);
    llm.end();
    const [, , begin, end] = harness.events();
    expect(begin).toMatchObject({
      seq: 2,
      node_id: 2,
      ts: START_MS + 40,
      status: 'running',
      attributes: { model: 'm' },
    });
    expect(end).toMatchObject({
      seq: 3,
      ts: START_MS + 120,
      started_ts: START_MS + 40,
      duration_ms: 80,
      attributes: { 'flow.first_chunk_ms': 70 },
    });
    expect(harness.misused).toEqual([]);
  });

  it.each([
    ["the flow's start", START_MS - 60_000, START_MS],
    ['now', START_MS + 60_000, START_MS + 100],
  ])('began at %s at the extremes', (_what, startedAt, ts) => {
    const { harness, flow } = oldFlow();
    flow.begin('llm', undefined, { startedAt });
    expect(harness.events()[2]).toMatchObject({ ts });
    expect(harness.misused).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['no number', 'yesterday'],
    ['NaN', NaN],
    ['infinite', Infinity],
    ['null', null],
    ['an invalid Date', new Date(NaN)],
  ])('begins now, and that is counted, when the time is %s', (_what, startedAt) => {
    const { harness, flow } = oldFlow();
    flow.begin('llm', undefined, { startedAt: startedAt as number });
    expect(harness.events()[2]).toMatchObject({ ts: START_MS + 100 });
    expect(harness.misused).toEqual(['invalid_time']);
  });

  it('survives options that are none, and a getter that throws', () => {
    const { harness, flow } = oldFlow();
    const hostile = {
      get startedAt(): number {
        throw new Error('no');
      },
    };
    flow.begin('a', undefined, null as unknown as object).end();
    flow.begin('b', undefined, hostile).end();
    expect(harness.events().map(outline).slice(2)).toEqual([
      '2 a running under top',
      '3 end of 2 a ok',
      '4 b running under top',
      '5 end of 4 b ok',
    ]);
    expect(harness.misused).toEqual(['invalid_time']);
  });

  it('works under a checkpoint, and lengthens nothing next to it', () => {
    const { harness, flow } = oldFlow();
    const llm = flow.begin('llm', undefined, { startedAt: START_MS + 20 });
    llm.checkpoint('asked');
    harness.pass(5);
    llm.begin('tool', undefined, { startedAt: START_MS + 50 }).end();
    harness.pass(5);
    llm.checkpoint('answered');
    const durations = harness.events().flatMap((event) => (event.type === 'checkpoint' ? [event.duration_ms] : []));
    // Of 'before', 'llm', 'asked', 'tool' and 'answered'.
    expect(durations).toEqual([0, undefined, 80, undefined, 5]);
    expect(harness.events()[4]).toMatchObject({ checkpoint: 'tool', ts: START_MS + 50, parent_id: 2 });
  });
});

describe('within a checkpoint', () => {
  it('nests what is recorded through the flow, and leaves the end to the application', async () => {
    const harness = createHarness();
    const flow = harness.flow();
    const llm = flow.begin('llm');
    const answer = await llm.within(async () => {
      await delay(1);
      currentFlow().checkpoint('asked');
      await flow.run('tool', () => delay(1));
      return 42;
    });
    flow.checkpoint('beside');
    expect(answer).toBe(42);
    expect(() =>
      llm.within(() => {
        throw new RangeError('no');
      }),
    ).toThrow('no');
    llm.end();
    expect(harness.events().map(outline).slice(1)).toEqual([
      '1 llm running under top',
      '2 asked ok under 1',
      '3 tool running under 1',
      '4 end of 3 tool ok',
      '5 beside ok under top',
      '6 end of 1 llm ok',
    ]);
  });

  it('does as much where nothing is recorded', () => {
    const step = currentFlow().begin('llm', undefined, { startedAt: 0 });
    step.firstChunk();
    expect(step.within(() => 7)).toBe(7);
  });
});

describe('the first chunk, marked by hand', () => {
  it('is the first call, and stands beside what track counts', async () => {
    const harness = createHarness();
    const flow = harness.flow();
    const plain = flow.begin('plain');
    harness.pass(3);
    plain.firstChunk();
    harness.pass(4);
    plain.firstChunk();
    plain.end({ tokens: 1 });
    plain.firstChunk();
    expect(harness.events()[2]).toMatchObject({ attributes: { tokens: 1, 'flow.first_chunk_ms': 3 } });
    const tracked = flow.begin('tracked');
    harness.pass(2);
    tracked.firstChunk();
    harness.pass(9);
    for await (const _ of tracked.track(['a'])) void _;
    tracked.end();
    expect(harness.events()[4]).toMatchObject({ attributes: { 'flow.chunks': 1, 'flow.first_chunk_ms': 2 } });
    expect(harness.misused).toEqual([]);
  });
});

describe('track', () => {
  async function* chunks(harness: FlowHarness, failAt?: number): AsyncGenerator<string> {
    for (let i = 0; i < 3; i++) {
      await Promise.resolve();
      if (i === failAt) throw new Error('stream broke');
      harness.pass(10);
      yield `c${i}`;
    }
  }

  it('counts and times chunks, and leaves the end to the application', async () => {
    const harness = createHarness();
    const flow = harness.flow();
    const llm = flow.begin('llm');
    const seen: string[] = [];
    for await (const chunk of llm.track(chunks(harness))) seen.push(chunk);
    llm.end({ tokens: 3 });
    expect(seen).toEqual(['c0', 'c1', 'c2']);
    expect(harness.events().at(-1)).toMatchObject({
      status: 'ok',
      duration_ms: 30,
      attributes: { tokens: 3, 'flow.chunks': 3, 'flow.bytes': 6, 'flow.first_chunk_ms': 10 },
    });
  });

  it.each<[string, () => AsyncIterable<unknown> | Iterable<unknown>, number | undefined]>([
    ['a Node stream', () => Readable.from([Buffer.from('ab'), Buffer.from('ü')]), 4],
    ['a web stream', () => new Blob(['abc']).stream(), 3],
    ['a generator', () => ['ü', 'a'].values(), 3],
    ['a stream of objects', () => Readable.from([{ delta: 'a' }, { delta: 'b' }]), undefined],
  ])('takes %s and counts its bytes', async (_what, source, bytes) => {
    const harness = createHarness();
    const llm = harness.flow().begin('llm');
    const seen: unknown[] = [];
    for await (const chunk of llm.track(source())) seen.push(chunk);
    llm.end();
    const end = harness.events().at(-1);
    expect(end).toMatchObject({ type: 'checkpoint_end', status: 'ok', attributes: { 'flow.chunks': seen.length } });
    expect(end?.type === 'checkpoint_end' && end.attributes?.['flow.bytes']).toBe(bytes);
  });

  it('ends with the flow, at the time of the last chunk, when nothing else ends it', async () => {
    const harness = createHarness();
    const flow = harness.flow();
    for await (const _ of flow.begin('llm').track(chunks(harness))) void _;
    harness.pass(500);
    flow.end();
    expect(harness.events().map(outline).slice(1)).toEqual([
      '1 llm running under top',
      '2 end of 1 llm ok',
      '3 end ok',
    ]);
    expect(harness.events()[2]).toMatchObject({ duration_ms: 30 });
  });

  it('ends when the loop is left, and closes the source', async () => {
    const harness = createHarness();
    let isClosed = false;
    async function* source(): AsyncGenerator<number> {
      try {
        for (let i = 0; ; i++) yield await Promise.resolve(i);
      } finally {
        isClosed = true;
      }
    }
    for await (const n of harness.flow().begin('llm').track(source())) if (n === 4) break;
    expect(isClosed).toBe(true);
    expect(harness.events().at(-1)).toMatchObject({ status: 'ok', attributes: { 'flow.chunks': 5 } });
  });

  it('fails when the source does, and passes the error on', async () => {
    const harness = createHarness();
    const read = async (): Promise<void> => {
      for await (const _ of harness.flow().begin('llm').track(chunks(harness, 1))) void _;
    };
    await expect(read()).rejects.toThrow('stream broke');
    expect(harness.events().at(-1)).toMatchObject({ status: 'error', error: { message: 'stream broke' } });
  });

  it('is left open when the client goes away in the middle, so that it is aborted as its flow is', async () => {
    const harness = createHarness();
    const flow = harness.flow();
    const stream = flow.begin('llm').track(chunks(harness));
    await stream.next();
    flow.close(200, false);
    expect(harness.events().map(outline).slice(2)).toEqual(['2 end aborted']);
    await stream.return();
    expect(harness.events().map(outline).slice(2)).toEqual(['2 end aborted']);
    expect(harness.misused).toEqual([]);
  });
});
