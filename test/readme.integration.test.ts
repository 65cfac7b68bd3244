import { parseEvent, redisKeys, type FlowEvent } from '@flow-tracking/protocol';
import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import ts from 'typescript';
import { codeBlocks } from './support/code-blocks';
import { freePort } from './support/free-port';
import { startNode, type TestProcess } from './support/process';
import { redisUrl, uniquePrefix } from './support/services';
import { waitFor } from './support/wait-for';

const repoRoot = path.resolve(__dirname, '..');
const TYPE_CHECK_MS = 180_000;
/** What the examples take for given. */
const GIVEN = 'declare function search(question: string): Promise<string>;\n';

const prefix = uniquePrefix();
const stream = redisKeys(prefix).stream(0);
/** A project with all that is installed here. */
let project: string;
let redis: Redis;

beforeAll(async () => {
  redis = new Redis(redisUrl());
  project = await realpath(await mkdtemp(path.join(tmpdir(), 'flow-test-readme-')));
  await symlink(path.join(repoRoot, 'node_modules'), path.join(project, 'node_modules'));
  await writeFile(path.join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
});

afterAll(async () => {
  await redis.del(stream);
  await redis.quit();
  await rm(project, { recursive: true, force: true });
});

const tsBlocks = (page: string): string[] =>
  codeBlocks(page).flatMap(({ language, code }) => (language === 'ts' ? [code] : []));

describe('the code of the READMEs', () => {
  it(
    'type-checks',
    async () => {
      const files: string[] = [];
      for (const page of ['README.md', 'middleware/README.md', 'docs/express.md']) {
        for (const [i, code] of tsBlocks(page).entries()) {
          const file = `${path.dirname(page)}-${i}.ts`.replace('.-', 'root-');
          await writeFile(path.join(project, file), `${GIVEN}${code}\nexport {};\n`);
          files.push(file);
        }
      }
      expect(files).toContain('root-0.ts');
      const tsc = path.join(repoRoot, 'node_modules/typescript/bin/tsc');
      const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023', '--module', 'nodenext'];
      const { stdout } = await promisify(execFile)(process.execPath, [tsc, ...options, '--types', 'node', ...files], {
        cwd: project,
      }).catch((error: unknown) => error as { stdout: string });
      expect(stdout).toBe('');
    },
    TYPE_CHECK_MS,
  );
});

describe("README's first example", () => {
  /** Stands in for the model: what it does with a request. */
  let answer: (res: ServerResponse) => void;
  let model: Server;
  let program: TestProcess;
  let url: string;

  beforeAll(async () => {
    model = createServer((req, res) => {
      req.resume();
      answer(res);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => model.once('listening', resolve));
    const [code = ''] = tsBlocks('README.md');
    const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.ESNext, target: 99 } });
    const search = 'globalThis.search = () => Promise.resolve("3 results");\n';
    await writeFile(path.join(project, 'example.mjs'), `${outputText}\n${search}app.listen(process.env.PORT);\n`);
    const port = await freePort();
    url = `http://127.0.0.1:${port}/ask/stream`;
    program = startNode([path.join(project, 'example.mjs')], {
      PORT: `${port}`,
      NODE_ENV: 'test',
      OPENAI_API_KEY: 'none',
      OPENAI_BASE_URL: `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`,
      REDIS_URL: redisUrl(),
      FLOW_PREFIX: prefix,
      FLOW_PARTITIONS: '1',
    });
    await waitFor('the example answers', async () => {
      if (program.child.exitCode !== null) throw new Error(program.output());
      return (await fetch(url)).status === 404;
    });
  });

  afterAll(() => {
    program.child.kill('SIGKILL');
    model.closeAllConnections();
    model.close();
  });

  beforeEach(async () => {
    await redis.del(stream);
  });

  const chunk = (content: string): string =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
  const ask = (signal?: AbortSignal): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-user': '123' },
      body: JSON.stringify({ question: 'Why?' }),
      ...(signal === undefined ? {} : { signal }),
    });

  /** The events of the one flow that was asked for, once it has ended. */
  async function recorded(): Promise<FlowEvent[]> {
    return waitFor('the flow has ended', async () => {
      const entries = await redis.xrange(stream, '-', '+');
      const events = entries
        .flatMap(([, fields]) => (JSON.parse(fields[1] ?? '[]') as unknown[]).map(parseEvent))
        .filter((event, _i, all) =>
          all.some((e) => e.flow_id === event.flow_id && e.type === 'flow_start' && e.name.startsWith('POST')),
        );
      return events.some(({ type }) => type === 'flow_end') && events;
    });
  }

  it('records an answer', async () => {
    answer = (res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.end(`${chunk('Because ')}${chunk('of that.')}data: [DONE]\n\n`);
    };
    expect(await (await ask()).text()).toBe('Because of that.');
    expect(await recorded()).toMatchObject([
      { type: 'flow_start', name: 'POST /ask/stream' },
      { type: 'checkpoint', checkpoint: 'auth_check' },
      { type: 'flow_identified', user_id: '123' },
      { type: 'checkpoint', checkpoint: 'llm_thinking', node_id: 3 },
      { type: 'checkpoint', checkpoint: 'tool_call', parent_id: 3 },
      { type: 'checkpoint_end', checkpoint: 'tool_call', status: 'ok' },
      { type: 'checkpoint_end', checkpoint: 'llm_thinking', status: 'ok', attributes: { 'flow.chunks': 2 } },
      { type: 'checkpoint', checkpoint: 'llm_complete' },
      { type: 'flow_end', status: 'ok' },
    ]);
  });

  it.each([
    [500, { status: 'error', http_status: 500, error: { message: '500 status code (no body)' } }],
    // openai's error has the status, so Express answers with it.
    [429, { status: 'ok', http_status: 429 }],
  ])('ends the checkpoint with the error of a model that answers %p', async (status, flowEnd) => {
    answer = (res) => res.writeHead(status, { 'x-should-retry': 'false' }).end();
    expect((await ask()).status).toBe(status);
    const events = await recorded();
    expect(events.slice(-2)).toMatchObject([
      {
        type: 'checkpoint_end',
        checkpoint: 'llm_thinking',
        status: 'error',
        error: { message: `${status} status code (no body)` },
      },
      { type: 'flow_end', ...flowEnd },
    ]);
  });

  it('stops the model when the client leaves, and tells no end of an answer then', async () => {
    const stopped = new Promise<void>((resolve) => {
      answer = (res) => {
        res.writeHead(200, { 'content-type': 'text/event-stream' });
        res.write(chunk('Because'));
        res.once('close', resolve);
      };
    });
    const leaving = new AbortController();
    const response = await ask(leaving.signal);
    await response.body?.getReader().read();
    leaving.abort();
    await stopped;
    await recorded();
    // What the handler records after the end of its flow is written by the time that a later flow is.
    answer = (res) => res.writeHead(401).end();
    await ask();
    const events = await waitFor('the next flow has ended', async () => {
      const all = await recorded();
      return all.filter(({ type }) => type === 'flow_end').length === 2 && all;
    });
    const left = events.filter(({ flow_id }) => flow_id === events[0]?.flow_id);
    expect(left.at(-1)).toMatchObject({ type: 'flow_end', status: 'aborted' });
    // Open, so that it is aborted as its flow is.
    expect(left.flatMap((event) => (event.type === 'checkpoint_end' ? [event.checkpoint] : []))).toEqual(['tool_call']);
  });
});
