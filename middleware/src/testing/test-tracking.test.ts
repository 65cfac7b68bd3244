import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import express, { type Express } from 'express';
import { currentFlow } from '../flow/api';
import { errorHandler } from '../express/flow-tracking';
import { testTracking, type TestTracking } from './test-tracking';

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
});

async function listen(app: Express): Promise<string> {
  const listening = createServer(app).listen(0, '127.0.0.1');
  server = listening;
  await new Promise((resolve) => listening.once('listening', resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

function chatApp(tracking: TestTracking): Express {
  const app = express();
  app.use(tracking);
  app.get('/ask/:id', async (req, res) => {
    req.flow.identify({ userId: 123, sessionId: 's-1' });
    req.flow.checkpoint('auth_check', { status: 'passed', token: 'secret' });
    const llm = req.flow.begin('llm_thinking');
    await llm.run('tool_call', { tool: 'search' }, async () => {
      currentFlow().checkpoint('cache', { status: 'failed' });
      await delay(2);
    });
    llm.end({ 'gen_ai.usage.output_tokens': 3 });
    res.send('ok');
  });
  app.get('/broken', (req) => {
    req.flow.begin('llm_thinking', { model: 'm' }).begin('tool_call');
    throw new RangeError('model is gone');
  });
  app.use(errorHandler());
  app.use(((_error, _req, res, _next) => {
    res.status(500).end();
  }) satisfies express.ErrorRequestHandler);
  return app;
}

describe('testTracking', () => {
  it('gives the tree of a request that an application recorded', async () => {
    const tracking = testTracking({ redact: ['token'] });
    const url = await listen(chatApp(tracking));
    await (await fetch(`${url}/ask/7`)).text();
    const [flow, ...others] = await tracking.flows();
    expect(others).toEqual([]);
    expect(flow).toEqual({
      id: expect.stringMatching(/^[\dA-Z]{26}$/),
      name: 'GET /ask/:id',
      status: 'ok',
      userId: '123',
      sessionId: 's-1',
      traceId: null,
      httpStatus: 200,
      attributes: { 'http.request.method': 'GET', 'http.route': '/ask/:id' },
      error: null,
      durationMs: expect.any(Number),
      checkpoints: [
        {
          name: 'auth_check',
          status: 'ok',
          attributes: { status: 'passed', token: '[redacted]' },
          error: null,
          durationMs: expect.any(Number),
          checkpoints: [],
        },
        {
          name: 'llm_thinking',
          status: 'ok',
          attributes: { 'gen_ai.usage.output_tokens': 3 },
          error: null,
          durationMs: expect.any(Number),
          checkpoints: [
            {
              name: 'tool_call',
              status: 'ok',
              attributes: { tool: 'search' },
              error: null,
              durationMs: expect.any(Number),
              checkpoints: [
                {
                  name: 'cache',
                  status: 'error',
                  attributes: { status: 'failed' },
                  error: null,
                  durationMs: expect.any(Number),
                  checkpoints: [],
                },
              ],
            },
          ],
        },
      ],
    });
    expect(flow?.checkpoints[1]?.checkpoints[0]?.durationMs).toBeGreaterThan(1);
  });

  it('ends what is open with a flow that failed, and marks it', async () => {
    const tracking = testTracking();
    const url = await listen(chatApp(tracking));
    await fetch(`${url}/broken`);
    const error = { type: 'RangeError', message: 'model is gone' };
    expect(await tracking.flows()).toMatchObject([
      {
        status: 'error',
        httpStatus: 500,
        error,
        checkpoints: [
          {
            name: 'llm_thinking',
            status: 'error',
            error,
            attributes: { model: 'm', 'flow.unended': true },
            durationMs: expect.any(Number),
            checkpoints: [{ name: 'tool_call', status: 'error', error, attributes: { 'flow.unended': true } }],
          },
        ],
      },
    ]);
  });

  it.each(['aborted', 'timed_out'] as const)(
    'ends what is open with a flow that is %s, without an error',
    async (status) => {
      const tracking = testTracking();
      const flow = tracking.startFlow({ name: 'job' });
      flow.fail(new Error('not of the checkpoint'));
      flow.begin('step');
      flow.end(status);
      expect(await tracking.flows()).toMatchObject([
        { status, checkpoints: [{ status, error: null, attributes: { 'flow.unended': true } }] },
      ]);
    },
  );

  it('leaves open what is open when the flow ended well, and takes an end that comes later', async () => {
    const tracking = testTracking();
    const flow = tracking.startFlow({ name: 'job', userId: 'u', traceId: 't', attributes: { a: 1 } });
    const step = flow.begin('step');
    flow.end();
    flow.checkpoint('late');
    expect(await tracking.flows()).toMatchObject([
      {
        name: 'job',
        status: 'ok',
        userId: 'u',
        sessionId: flow.id,
        traceId: 't',
        attributes: { a: 1 },
        checkpoints: [
          { name: 'step', status: 'running', durationMs: null, attributes: {} },
          { name: 'late', status: 'ok' },
        ],
      },
    ]);
    step.fail(new Error('after all'));
    expect(await tracking.flows()).toMatchObject([
      { status: 'ok', checkpoints: [{ status: 'error', error: { message: 'after all' } }, {}] },
    ]);
  });

  it('waits for a flow that runs, and no longer than it is told', async () => {
    const tracking = testTracking();
    const flow = tracking.startFlow({ name: 'job' });
    expect(await tracking.flows({ timeoutMs: 1 })).toMatchObject([{ status: 'running', durationMs: null }]);
    const flows = tracking.flows({ timeoutMs: 60_000 });
    setTimeout(() => {
      flow.end();
    }, 20);
    expect(await flows).toMatchObject([{ status: 'ok' }]);
  });

  it('works while the timers are fake', async () => {
    jest.useFakeTimers();
    const warn = jest.spyOn(console, 'warn');
    try {
      const tracking = testTracking();
      const flow = tracking.startFlow({ name: 'job' });
      expect(await tracking.flows({ timeoutMs: 1 })).toMatchObject([{ status: 'running' }]);
      flow.end();
      expect(await tracking.flows()).toMatchObject([{ status: 'ok' }]);
      expect(warn).not.toHaveBeenCalled();
    } finally {
      warn.mockRestore();
      jest.useRealTimers();
    }
  });

  it('forgets on clear, also what flows that run are still to record', async () => {
    const tracking = testTracking();
    const before = tracking.startFlow({ name: 'before' });
    tracking.startFlow({ name: 'done' }).end();
    tracking.clear();
    before.checkpoint('late');
    before.end();
    tracking.startFlow({ name: 'after' }).end();
    expect((await tracking.flows()).map(({ name }) => name)).toEqual(['after']);
  });

  it('records whatever the options and the environment say of Redis and samples', async () => {
    const { REDIS_ENABLED } = process.env;
    process.env['REDIS_ENABLED'] = 'false';
    try {
      const tracking = testTracking({ enabled: false, sample: 0, redis: 'redis://nowhere.invalid:1' });
      tracking.startFlow({ name: 'job' }).end();
      expect(await tracking.flows()).toMatchObject([{ name: 'job' }]);
      expect(tracking.stats()).toMatchObject({ recorded: 2, written: 2, connected: false });
    } finally {
      if (REDIS_ENABLED === undefined) delete process.env['REDIS_ENABLED'];
      else process.env['REDIS_ENABLED'] = REDIS_ENABLED;
    }
  });

  it('applies the limits of the options', async () => {
    const tracking = testTracking({ limits: { valueBytes: 64 } });
    const flow = tracking.startFlow({ name: 'job' });
    flow.checkpoint('step', { text: 'x'.repeat(1000) });
    flow.end();
    const [recorded] = await tracking.flows();
    expect(recorded?.checkpoints[0]?.attributes['text']).toMatch(/^x{10,64}[^x]/);
  });

  it('still gives what it has after close', async () => {
    const tracking = testTracking();
    tracking.startFlow({ name: 'job' }).end();
    await tracking.close();
    expect(await tracking.flows()).toMatchObject([{ name: 'job', status: 'ok' }]);
  });

  it('throws for a wrong option, as flowTracking does', () => {
    expect(() => testTracking({ service: '' })).toThrow(expect.objectContaining({ code: 'invalid_option' }) as Error);
  });
});
