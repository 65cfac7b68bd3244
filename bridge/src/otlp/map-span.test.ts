import { mapSpan } from './map-span';
import type { OtlpSpan } from './spans';

const IDENTITY = { user: ['user.id', 'enduser.id'], session: ['session.id', 'gen_ai.conversation.id'] };
const SPAN = 'aa'.repeat(8);
const PARENT = 'bb'.repeat(8);

function span(of: Partial<OtlpSpan>): OtlpSpan {
  return {
    traceId: 'cc'.repeat(16),
    spanId: SPAN,
    parentId: PARENT,
    flags: 0,
    name: 'step',
    startMs: 1_000.25,
    endMs: 1_005,
    attributes: {},
    statusCode: 0,
    statusMessage: '',
    exception: null,
    ...of,
  };
}
const map = (of: Partial<OtlpSpan>) => mapSpan(span(of), IDENTITY)!;

describe('mapSpan', () => {
  it.each([
    [{ 'gen_ai.operation.name': 'chat' }, 'llm_thinking'],
    [{ 'gen_ai.operation.name': 'embeddings' }, 'llm_thinking'],
    [{ 'gen_ai.operation.name': 'execute_tool' }, 'tool_call'],
    [{}, 'step'],
  ])('names the checkpoint of %j', (attributes, checkpoint) => {
    expect(map({ attributes }).checkpoint).toBe(checkpoint);
  });

  it('has what a call tells in other words in those of the conventions, too', () => {
    const attributes = { 'openinference.span.kind': 'LLM', 'llm.model_name': 'm', 'llm.token_count.prompt': 20 };
    expect(map({ attributes }).attributes).toMatchObject({
      ...attributes,
      'gen_ai.request.model': 'm',
      'gen_ai.usage.input_tokens': 20,
    });
  });

  it('keeps the ids of the span and its parent, by which history finds them', () => {
    expect(map({}).attributes).toEqual({ 'otel.span_id': SPAN, 'otel.parent_span_id': PARENT });
    expect(map({ parentId: '0'.repeat(16) })).toMatchObject({ parentId: '', attributes: { 'otel.span_id': SPAN } });
  });

  it('takes a pending span for the span that it stands for', () => {
    const attributes = { 'logfire.span_type': 'pending_span', 'logfire.pending_parent_id': PARENT, k: 1 };
    const pending = map({ spanId: 'dd'.repeat(8), parentId: SPAN, attributes, flags: 0x300 });
    expect(pending).toMatchObject({ spanId: SPAN, parentId: PARENT, isPending: true, isRemote: false });
    expect(pending.attributes).toEqual({ k: 1, 'otel.span_id': SPAN, 'otel.parent_span_id': PARENT });
    expect(mapSpan(span({ parentId: '', attributes }), IDENTITY)).toBeUndefined();
  });

  it.each([
    [{ 'user.id': 'ann', 'session.id': 's' }, 'ann', 's'],
    [{ 'enduser.id': 7, 'gen_ai.conversation.id': 'c' }, '7', 'c'],
    [{ 'user.id': '', 'enduser.id': 'bob' }, 'bob', undefined],
    [{ 'session.id': "[Scrubbed due to 'session']", 'gen_ai.conversation.id': 'c' }, undefined, 'c'],
    [{ 'session.id': "[Scrubbed due to 'session']" }, undefined, undefined],
    [{ 'user.id': 'x'.repeat(10_000) }, undefined, undefined],
  ])('finds user and session in %j', (attributes, user, session) => {
    expect(map({ attributes })).toMatchObject({ user, session });
  });

  it('tells the error by its exception, else by its status', () => {
    const exception = { 'exception.type': 'RangeError', 'exception.message': 'no row' };
    expect(map({ statusCode: 2, exception, statusMessage: 'no' }).error).toEqual({
      type: 'RangeError',
      message: 'no row',
    });
    expect(map({ statusCode: 2, statusMessage: 'no' }).error).toEqual({ type: 'Error', message: 'no' });
    expect(map({ statusCode: 1, exception }).error).toBeUndefined();
  });

  it('knows a parent of another process by both bits of the flags', () => {
    expect([0, 0x100, 0x300].map((flags) => map({ flags }).isRemote)).toEqual([false, false, true]);
  });

  it('never ends before it began', () => {
    expect(map({ startMs: 20, endMs: 10 })).toMatchObject({ startMs: 20, endMs: 20 });
  });
});
