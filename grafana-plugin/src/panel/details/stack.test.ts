import { countLines, findStack, stackParts } from './stack';

const NODE = `TypeError: no
    at lookUp (/app/src/tools/orders.ts:12:9)
    at async Promise.all (index 0)
    at /app/node_modules/express/lib/router.js:1:2
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)
    at async run (/app/src/run.ts:3:1)`;

const PYTHON = `Traceback (most recent call last):
  File "/app/agent.py", line 3, in run
    call()
  File "/usr/lib/python3.12/site-packages/openai/_base.py", line 9, in request
    raise error
openai.APIError: no`;

const kinds = (text: string) => stackParts(text).map(({ kind, lines }) => `${kind} ${lines.length}`);

describe('stackParts', () => {
  it('parts the frames of the application from those of libraries', () => {
    expect(kinds(NODE)).toEqual(['own 2', 'library 3', 'own 1']);
    expect(countLines(stackParts(NODE))).toBe(6);
  });

  it('keeps the source of a Python frame with it', () => {
    expect(kinds(PYTHON)).toEqual(['own 3', 'library 2', 'own 1']);
  });

  it('leaves what is no stack as it is', () => {
    expect(stackParts('one\ntwo\n')).toEqual([{ kind: 'own', lines: ['one', 'two'] }]);
  });

  it('is quick on a line of a megabyte', () => {
    const startedMs = performance.now();
    stackParts(`Error: ${'x '.repeat(500_000)}\n${' '.repeat(500_000)}at`);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});

describe('findStack', () => {
  it('finds it in the error, in an attribute of any usual name, or within one', () => {
    const error = { type: 'E', message: 'm', stack: 'own' };
    expect(findStack(error, { 'error.stack': 'a' })).toEqual({ text: 'own', attribute: null });
    expect(findStack(null, { 'exception.stacktrace': 'b' })).toEqual({ text: 'b', attribute: 'exception.stacktrace' });
    expect(findStack(null, { error: { stack: 'c' } })).toEqual({ text: 'c', attribute: 'error' });
  });

  it('finds none in what is empty or no text', () => {
    expect(findStack({ type: 'E', message: 'm' }, { 'error.stack': '', stack: 3, error: null })).toBeNull();
  });
});
