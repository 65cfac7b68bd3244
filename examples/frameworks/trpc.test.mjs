import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initTRPC, TRPCError } from '@trpc/server';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express from 'express';
import { currentFlow } from '@flow-tracking/express';
import { testTracking } from '@flow-tracking/express/testing';
import { onlyFlow, post, serve } from './serve.mjs';

const t = initTRPC.create();
const router = t.router({
  ask: t.procedure.mutation(() => {
    throw new Error('model is gone');
  }),
  unknown: t.procedure.mutation(() => {
    throw new TRPCError({ code: 'NOT_FOUND' });
  }),
});

// docs:begin
function onError({ error }) {
  if (error.code === 'INTERNAL_SERVER_ERROR') currentFlow().fail(error.cause ?? error);
}
// docs:end

async function flowOf(procedure, withLine) {
  const tracking = testTracking();
  const app = express();
  app.use(tracking);
  if (withLine) {
    // docs:begin
    app.use('/trpc', createExpressMiddleware({ router, onError }));
    // docs:end
  } else app.use('/trpc', createExpressMiddleware({ router }));
  await serve(app, (url) => post(`${url}/trpc/${procedure}`, {}));
  return onlyFlow(tracking);
}

test('tRPC: a procedure that throws', async () => {
  const without = await flowOf('ask', false);
  assert.deepEqual([without.status, without.error], ['error', null]);
  const { status, error, httpStatus } = await flowOf('ask', true);
  assert.deepEqual([status, error.message, httpStatus], ['error', 'model is gone', 500]);
});

test('tRPC: an answer of 404 is no failure', async () => {
  const { status, httpStatus } = await flowOf('unknown', true);
  assert.deepEqual([status, httpStatus], ['ok', 404]);
});
