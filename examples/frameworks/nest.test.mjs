import 'reflect-metadata';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Controller, HttpException, Module, NotFoundException, Post } from '@nestjs/common';
import { BaseExceptionFilter, NestFactory } from '@nestjs/core';
import { currentFlow } from '@flow-tracking/express';
import { testTracking } from '@flow-tracking/express/testing';
import { onlyFlow, post } from './serve.mjs';

// docs:begin
// With @Catch() above it where there are decorators.
class FlowErrors extends BaseExceptionFilter {
  catch(error, host) {
    const isClientError = error instanceof HttpException && error.getStatus() < 500;
    if (!isClientError) currentFlow().fail(error);
    super.catch(error, host);
  }
}
// docs:end

class AskController {
  ask() {
    throw new Error('model is gone');
  }

  unknown() {
    throw new NotFoundException();
  }
}
const methodOf = (name) => [
  AskController.prototype,
  name,
  Object.getOwnPropertyDescriptor(AskController.prototype, name),
];
Controller()(AskController);
Post('ask')(...methodOf('ask'));
Post('unknown')(...methodOf('unknown'));

class AppModule {}
Module({ controllers: [AskController] })(AppModule);

async function flowOf(path, withLine) {
  const tracking = testTracking();
  const app = await NestFactory.create(AppModule, { logger: false });
  app.use(tracking);
  if (withLine) {
    // docs:begin
    app.useGlobalFilters(new FlowErrors(app.getHttpAdapter()));
    // docs:end
  }
  await app.listen(0, '127.0.0.1');
  try {
    await post(`${await app.getUrl()}/${path}`, {});
    return await onlyFlow(tracking);
  } finally {
    await app.close();
  }
}

test('NestJS: a handler that throws', async () => {
  const without = await flowOf('ask', false);
  assert.deepEqual([without.status, without.error], ['error', null]);
  const { status, error, httpStatus } = await flowOf('ask', true);
  assert.deepEqual([status, error.message, httpStatus], ['error', 'model is gone', 500]);
});

test('NestJS: an answer of 404 is no failure', async () => {
  const { status, httpStatus } = await flowOf('unknown', true);
  assert.deepEqual([status, httpStatus], ['ok', 404]);
});
