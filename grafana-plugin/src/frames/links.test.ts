import type { DataFrame, FieldType, ScopedVars } from '@grafana/data';
import { linksOfRow } from './links';

const NASTY = [
  ' lead',
  '.',
  '..',
  '#h?x&y=1',
  'a/b',
  '100%25',
  'a%2Fb',
  'a+b',
  '"q"',
  '🙂',
  '{a,b}',
  '$x',
  '__all',
  '\\n',
  '&tab;',
];

/** Fills in the one thing that these links hold, as Grafana does. */
function replace(text: string | undefined, scopedVars?: ScopedVars): string {
  const { field, rowIndex } = scopedVars?.['__dataContext']?.value as {
    field: { values: string[] };
    rowIndex: number;
  };
  return (text ?? '').replace('${__value.raw:percentencode}', () => encodeURIComponent(field.values[rowIndex] ?? ''));
}

const tools = { replace, assureBaseUrl: (address: string) => address };

function frameOf(url: string, values: readonly string[]): DataFrame {
  const config = { links: [{ title: 'Live flows', url }] };
  return {
    length: values.length,
    fields: [{ name: 'user_id', type: 'string' as FieldType.string, config, values: [...values] }],
  };
}

const url = '/d/flow-live/live-flows?var-user=${__value.raw:percentencode}&from=1';

describe('linksOfRow', () => {
  it.each(NASTY.map((id, row) => [id, row] as const))('leads to %j and nobody else', (id, row) => {
    const [link] = linksOfRow(frameOf(url, NASTY), row, tools);
    const { searchParams, pathname, hash } = new URL(link!.href, 'http://grafana:3000');
    expect([searchParams.get('var-user'), searchParams.get('from')]).toEqual([id, '1']);
    expect([pathname, hash]).toEqual(['/d/flow-live/live-flows', '']);
  });

  it.each(['javascript:alert(1)', 'JavaScript:alert(1)', ' java\tscript:alert(1)', 'data:text/html,x', 'vbscript:x'])(
    'leads nowhere by %j',
    (bad) => expect(linksOfRow(frameOf(bad, ['a']), 0, tools)[0]?.href).toBe('about:blank'),
  );

  it('leaves other addresses as they are', () => {
    expect(linksOfRow(frameOf('https://example.org/a?b=%23', ['a']), 0, tools)[0]?.href).toBe(
      'https://example.org/a?b=%23',
    );
  });
});
