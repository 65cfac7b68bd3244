import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expressHandler } from '@genkit-ai/express';
import express from 'express';
import { genkit, z } from 'genkit';
import { currentFlow } from '@flow-tracking/express';
import { testTracking } from '@flow-tracking/express/testing';
import { onlyFlow, post, serve } from './serve.mjs';

const ai = genkit({});
const schemas = { inputSchema: z.string(), outputSchema: z.string(), streamSchema: z.string() };

async function answer(_question, { sendChunk }) {
  sendChunk('You');
  throw new Error('model is gone');
}

// docs:begin
/** Gives the request's flow what a Genkit flow throws. */
function tracked(fn) {
  return async (...args) => {
    try {
      return await fn(...args);
    } catch (error) {
      currentFlow().fail(error);
      throw error;
    }
  };
}
// docs:end

const plain = ai.defineFlow({ name: 'plain', ...schemas }, answer);
// docs:begin
const ask = ai.defineFlow({ name: 'ask', ...schemas }, tracked(answer));
// docs:end

async function flowOf(flow, headers) {
  const tracking = testTracking();
  const app = express();
  app.use(tracking, express.json());
  app.post('/ask', expressHandler(flow));
  await serve(app, (url) => post(`${url}/ask`, { data: 'Why?' }, headers));
  return onlyFlow(tracking);
}

test('Genkit: a flow that throws', async () => {
  const without = await flowOf(plain);
  assert.deepEqual([without.status, without.error], ['error', null]);
  const { status, error, httpStatus } = await flowOf(ask);
  assert.deepEqual([status, error.message, httpStatus], ['error', 'model is gone', 500]);
});

test('Genkit: a streamed flow that throws', async () => {
  const streamed = { accept: 'text/event-stream' };
  const without = await flowOf(plain, streamed);
  assert.deepEqual([without.status, without.error, without.httpStatus], ['ok', null, 200]);
  const { status, error, httpStatus } = await flowOf(ask, streamed);
  assert.deepEqual([status, error.message, httpStatus], ['error', 'model is gone', 200]);
});
