import type { DataFrame, FieldType, ScopedVars } from '@grafana/data';
import { createNodeLinks } from './node-links';

const string = 'string' as FieldType.string;

function replace(text: string | undefined, scopedVars?: ScopedVars): string {
  const { field, rowIndex } = scopedVars?.['__dataContext']?.value as {
    field: { values: unknown[] };
    rowIndex: number;
  };
  return (text ?? '').replace('${__value.raw}', () => String(field.values[rowIndex]));
}

const tools = { replace, assureBaseUrl: (url: string) => url };

function frameOf(
  rows: readonly (readonly [flow: string, node: number | string, name: string])[],
  url?: string,
): DataFrame {
  const links = url === undefined ? {} : { links: [{ title: 'Look up', url }] };
  return {
    name: 'checkpoints',
    length: rows.length,
    fields: [
      { name: 'flow_id', type: string, config: {}, values: rows.map(([flow]) => flow) },
      { name: 'node_id', type: string, config: {}, values: rows.map(([, node]) => node) },
      { name: 'checkpoint', type: string, config: links, values: rows.map(([, , name]) => name) },
    ],
  };
}

beforeAll(() => {
  Object.assign(globalThis, { window: { location: { origin: 'http://grafana:3000' } } });
});

describe('createNodeLinks', () => {
  const rows = [
    ['a', 1, 'one'],
    ['b', 1, 'two'],
    ['a', 2, 'three'],
  ] as const;

  it('gives the links of the row of a node', () => {
    const links = createNodeLinks();
    const frames = [frameOf(rows), frameOf(rows, '/x/${__value.raw}')];
    expect(links(frames, 'a', '2', tools).map(({ href }) => href)).toEqual(['/x/three']);
    expect(links(frames, 'b', '1', tools).map(({ href }) => href)).toEqual(['/x/two']);
    expect(links(frames, 'b', '2', tools)).toEqual([]);
  });

  it('finds a node again whose row has moved', () => {
    const links = createNodeLinks();
    expect(links([frameOf(rows, '/${__value.raw}')], 'a', '2', tools)[0]?.href).toBe('/three');
    expect(
      links([frameOf([['a', 2, 'moved'], ...rows.slice(0, 2)], '/${__value.raw}')], 'a', '2', tools)[0]?.href,
    ).toBe('/moved');
  });
});
