import type { Attributes } from '@flow-tracking/protocol';
import { holdsWord, searchText } from './node-text';
import { createQuery, NO_FILTERS } from './query';
import { testNode } from './test-forest';

const node = testNode(7, null, {
  checkpoint: 'tool_call',
  status: 'error',
  error: { type: 'SmtpError', message: 'mailbox\nunavailable' },
  attributes: {
    'gen_ai.tool.name': 'send_email',
    args: { to: ['Ada@example.org', 'bo'], retry: { count: 3, last: null, url: 'http://a:80/x' } },
    text: 'two\nlines',
  },
});

const holds = (search: string, of = node): boolean =>
  (createQuery(search, NO_FILTERS)?.words ?? []).every((word) => holdsWord(searchText(of), word));

describe('the words of a search', () => {
  it.each([
    'TOOL_call',
    '7',
    'smtperror',
    'mailbox unavailable',
    'gen_ai.tool.name',
    'send_email tool',
    'ada@EXAMPLE.org',
    'retry',
    'http://a:80/x',
    'tool.name:send',
    'to:ada',
    'args:bo',
    'count:3',
    'last:null',
    'text:lines',
  ])('are found: %s', (search) => {
    expect(holds(search)).toBe(true);
  });

  it.each([
    'tool_call missing',
    'retry:send_email',
    'name:ada',
    'email:send',
    'count:4',
    'bocount',
    // The value of one attribute and the path of the next are not one text.
    'emailargs',
  ])('are not found: %s', (search) => {
    expect(holds(search)).toBe(false);
  });

  it('are looked for at any depth', () => {
    let deep: unknown = 'needle';
    for (let level = 0; level < 10_000; level++) deep = level % 2 === 0 ? [deep] : { in: deep };
    expect(holds('needle', testNode(1, null, { attributes: { deep } as Attributes }))).toBe(true);
  });
});
