// What an application does, whichever SDK records it: a turn of an agent that calls a model and then a tool. Each step is taken when
// the test asks for it, and told to the test with the ids and times that the SDK gave.

/** @param {import('@opentelemetry/api').Span} span the SDK's own, with its times as [s, ns] */
function tell(span) {
  const { name, startTime, endTime, parentSpanContext } = /** @type {any} */ (span);
  /** @param {[number, number]} time */
  const msOf = ([s, ns]) => s * 1e3 + Math.round(ns / 1e3) / 1e3;
  const { traceId, spanId } = span.spanContext();
  return {
    name,
    traceId,
    spanId,
    parentId: parentSpanContext?.spanId ?? '',
    startMs: msOf(startTime),
    endMs: msOf(endTime),
  };
}

/**
 * @param {object} sdk
 * @param {(name: string, attributes: import('@opentelemetry/api').Attributes, parent?: import('@opentelemetry/api').Span) => import('@opentelemetry/api').Span} sdk.start
 * @param {() => Promise<unknown>} sdk.flush sends all spans
 * @param {() => Promise<unknown>} sdk.close
 */
export function runAgent({ start, flush, close }) {
  const user = process.env.AGENT_USER;
  /** @type {import('@opentelemetry/api').Span} */
  let agent;
  /** @type {import('@opentelemetry/api').Span} */
  let chat;
  /** @type {Record<string, () => import('@opentelemetry/api').Span[]>} */
  const steps = {
    begin() {
      // Logfire scrubs what is named after a session; the other name stays.
      const talk = `talk of ${user}`;
      agent = start('agent turn', { 'user.id': user, 'session.id': talk, 'gen_ai.conversation.id': talk });
      const model = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm-1', 'gen_ai.provider.name': 'acme' };
      chat = start('chat m-1', model, agent);
      return [agent, chat];
    },
    think() {
      const tool = start('lookup', { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'lookup' }, chat);
      tool.recordException(new RangeError('no such row'));
      tool.setStatus({ code: 2, message: 'no such row' });
      tool.end();
      chat.setAttributes({ 'gen_ai.usage.input_tokens': 120, 'gen_ai.usage.output_tokens': 30 });
      chat.end();
      return [tool, chat];
    },
    finish() {
      agent.end();
      return [agent];
    },
  };
  process.on('message', async (/** @type {string} */ step) => {
    const spans = steps[step]?.() ?? [];
    await flush();
    process.send?.(spans.map(tell));
    if (step !== 'finish') return;
    await close();
    process.disconnect();
  });
  process.send?.('ready');
}
