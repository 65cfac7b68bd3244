import { detailLine, errorLine, isToldBy } from './detail-line';

describe('detailLine', () => {
  it.each([
    [{ 'gen_ai.tool.name': 'search', 'gen_ai.request.model': 'gpt-4o' }, 'search'],
    [{ 'gen_ai.request.model': 'gpt-4o', status: 'passed' }, 'gpt-4o'],
    [{ remaining: 950 }, '950 left'],
    [{ status: 'passed' }, 'passed'],
    [{ nested: { a: 1 }, empty: '', 'app.rule.id': 7 }, 'id 7'],
    [{ 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'research' }, 'research'],
    [
      { 'otel.span_id': '00f067aa0ba902b7', 'gen_ai.operation.name': 'invoke_agent', 'db.system': 'redis' },
      'system redis',
    ],
    [{ 'otel.span_id': '00f067aa0ba902b7' }, ''],
    [{ 'flow.unended': true, 'flow.first_chunk_ms': 500 }, ''],
    [{}, ''],
  ])('makes %j read %j', (attributes, text) => expect(detailLine({ attributes })).toBe(text));
});

describe('errorLine', () => {
  it('says why a node failed, and nothing of one that did not', () => {
    expect(errorLine({ status: 'error', error: { type: 'SmtpError', message: 'SMTP 550' } })).toBe('SMTP 550');
    expect(errorLine({ status: 'error', error: { type: 'SmtpError', message: '' } })).toBe('SmtpError');
    expect(errorLine({ status: 'error', error: null })).toBe('failed');
    expect(errorLine({ status: 'ok', error: null })).toBe('');
  });
});

describe('isToldBy', () => {
  it.each([
    ['search_docs did not answer', 'search_docs', true],
    ['Search_Docs did not answer', 'search_docs', true],
    ['connection reset', 'search_docs', false],
    ['connection reset', '', false],
  ])('of %j and %j is %s', (reason, detail, told) => expect(isToldBy(reason, detail)).toBe(told));
});
