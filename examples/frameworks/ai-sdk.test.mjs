import assert from 'node:assert/strict';
import { TransformStream } from 'node:stream/web';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { streamText } from 'ai';
import { MockLanguageModelV3, simulateReadableStream } from 'ai/test';
import express from 'express';
import { testTracking } from '@flow-tracking/express/testing';
import { onlyFlow, post, serve } from './serve.mjs';

const usage = {
  inputTokens: { total: 10, noCache: 10 },
  outputTokens: { total: 3, text: 3 },
};
const answer = [
  { type: 'text-start', id: '1' },
  { type: 'text-delta', id: '1', delta: 'You asked: ' },
  { type: 'text-delta', id: '1', delta: 'Why?' },
  { type: 'text-end', id: '1' },
  { type: 'finish', finishReason: { unified: 'stop', raw: 'stop' }, usage },
];

/** A model that streams these parts, each after a while. */
const modelOf = (chunks, chunkDelayInMs = 0) =>
  new MockLanguageModelV3({
    doStream: async ({ abortSignal }) => ({
      stream: simulateReadableStream({ chunks, chunkDelayInMs }).pipeThrough(new TransformStream(), {
        signal: abortSignal,
      }),
    }),
  });
const refusing = new MockLanguageModelV3({
  doStream: () => Promise.reject(new Error('429 too many requests')),
});
const breaking = modelOf([...answer.slice(0, 2), { type: 'error', error: new Error('model is gone') }]);

/** What people write: nothing is told but the end that is good. */
function plain(model) {
  return (req, res) => {
    const llm = req.flow.begin('llm_thinking');
    streamText({
      model,
      prompt: req.body.question,
      abortSignal: req.flow.signal,
      onError: () => undefined,
      onFinish: ({ finishReason }) => {
        if (finishReason !== 'error') llm.end();
      },
    }).pipeTextStreamToResponse(res);
  };
}

function tracked(model) {
  // docs:begin
  const ask = (req, res) => {
    const { flow } = req;
    const llm = flow.begin('llm_thinking', { 'gen_ai.request.model': model.modelId });
    const result = streamText({
      model,
      prompt: req.body.question,
      abortSignal: flow.signal,
      onChunk: () => llm.firstChunk(),
      onError: ({ error }) => {
        llm.fail(error);
        flow.fail(error);
      },
      onFinish: ({ finishReason, totalUsage }) => {
        // After an error it is called, too.
        if (finishReason === 'error') return;
        llm.end({ 'gen_ai.usage.output_tokens': totalUsage.outputTokens });
        flow.checkpoint('llm_complete');
      },
    });
    result.pipeTextStreamToResponse(res);
  };
  // docs:end
  return ask;
}

async function flowOf(handler, ask = (url) => post(`${url}/ask`, { question: 'Why?' })) {
  const tracking = testTracking();
  const app = express();
  app.use(tracking, express.json());
  app.post('/ask', handler);
  await serve(app, ask);
  const flow = await onlyFlow(tracking);
  assert.deepEqual(tracking.stats().misused.ended_twice, 0);
  return flow;
}

/** A client that reads the first chunk and leaves. */
async function leave(url) {
  const leaving = new AbortController();
  const response = await fetch(`${url}/ask`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ question: 'Why?' }),
    signal: leaving.signal,
  });
  await response.body.getReader().read();
  leaving.abort();
  await delay(200);
}

test('AI SDK: an answer', async () => {
  const { status, checkpoints } = await flowOf(tracked(modelOf(answer)));
  assert.deepEqual(
    [status, checkpoints.map(({ name, status }) => `${name} ${status}`)],
    ['ok', ['llm_thinking ok', 'llm_complete ok']],
  );
  assert.equal(checkpoints[0].attributes['gen_ai.usage.output_tokens'], 3);
  assert.equal(typeof checkpoints[0].attributes['flow.first_chunk_ms'], 'number');
});

for (const [what, model, message] of [
  ['a model that refuses', refusing, '429 too many requests'],
  ['a model that breaks off', breaking, 'model is gone'],
]) {
  test(`AI SDK: ${what}`, async () => {
    const without = await flowOf(plain(model));
    assert.deepEqual([without.status, without.error, without.httpStatus], ['ok', null, 200]);
    assert.equal(without.checkpoints[0].status, 'running');
    const { status, error, httpStatus, checkpoints } = await flowOf(tracked(model));
    assert.deepEqual([status, error.message, httpStatus], ['error', message, 200]);
    assert.deepEqual(
      checkpoints.map(({ name, error }) => [name, error.message]),
      [['llm_thinking', message]],
    );
  });
}

test('AI SDK: a client that leaves', async () => {
  const { status, checkpoints } = await flowOf(tracked(modelOf(answer, 50)), leave);
  // The application did not end it; the end of its flow did.
  assert.deepEqual(
    [status, checkpoints.map(({ name, status, attributes }) => [name, status, attributes['flow.unended']])],
    ['aborted', [['llm_thinking', 'aborted', true]]],
  );
});
