import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import { currentFlow } from '@flow-tracking/express';
import { testTracking } from '@flow-tracking/express/testing';
import { onlyFlow, post, serve } from './serve.mjs';

const typeDefs = 'type Query { ask: String }';
const resolvers = {
  Query: {
    ask() {
      throw new Error('model is gone');
    },
  },
};

// docs:begin
const flowErrors = {
  async requestDidStart() {
    return {
      async didEncounterErrors({ errors }) {
        // Without a path the query itself is wrong, and that is the client's fault.
        const failed = errors.find(({ path }) => path !== undefined);
        if (failed !== undefined) currentFlow().fail(failed.originalError ?? failed);
      },
    };
  },
};
// docs:end

async function flowOf(query, withLine) {
  const tracking = testTracking();
  let server = new ApolloServer({ typeDefs, resolvers });
  if (withLine) {
    // docs:begin
    server = new ApolloServer({ typeDefs, resolvers, plugins: [flowErrors] });
    // docs:end
  }
  await server.start();
  const app = express();
  app.use(tracking);
  app.use('/graphql', express.json(), expressMiddleware(server));
  await serve(app, (url) => post(`${url}/graphql`, { query }));
  await server.stop();
  return onlyFlow(tracking);
}

test('Apollo: a resolver that throws', async () => {
  const without = await flowOf('{ ask }', false);
  assert.deepEqual([without.status, without.error, without.httpStatus], ['ok', null, 200]);
  const { status, error, httpStatus } = await flowOf('{ ask }', true);
  assert.deepEqual([status, error.message, httpStatus], ['error', 'model is gone', 200]);
});

test('Apollo: a wrong query is no failure', async () => {
  const { status, httpStatus } = await flowOf('{ unknown }', true);
  assert.deepEqual([status, httpStatus], ['ok', 400]);
});
