import type { RecordFields } from '@flow-tracking/protocol';
import { columnArrays, insertFromUnnest } from './columns';
import { mergedColumns, readColumns, writtenColumns } from './record-columns';

const FIELDS = {
  thing_id: 'id',
  region: 'text',
  seen_ts: 'ts?',
  took_ms: 'ms?',
  spent: 'tokens?',
  attributes: 'attributes',
} as const satisfies RecordFields;

const row = {
  thing_id: 'a\0',
  region: 'eu',
  seen_ts: 1_500,
  took_ms: null,
  spent: 2 ** 40,
  attributes: { plan: 'team' },
};

describe('a table of fields', () => {
  it('gives the columns that a record is written to', () => {
    const columns = writtenColumns(FIELDS);
    expect(columns.map(([name, type]) => `${name} ${type}`)).toEqual([
      'thing_id text',
      'region text',
      'seen_at epoch_ms',
      'took_ms float8',
      'spent bigint',
      'attributes jsonb',
    ]);
    expect(columnArrays(columns, [row, { ...row, attributes: null }])).toEqual([
      '{"a\ufffd","a\ufffd"}',
      '{"eu","eu"}',
      '{1500,1500}',
      '{NULL,NULL}',
      '{1099511627776,1099511627776}',
      Buffer.from('{"plan":"team"}\u001enull'),
    ]);
    expect(insertFromUnnest('things', columns)).toContain('to_timestamp(seen_at / 1000.0)');
  });

  it('says of a row that is written again that what is told wins, unless a field has its own rule', () => {
    expect(
      mergedColumns(FIELDS, { thing_id: null, spent: 'GREATEST(EXCLUDED.spent, t.spent)' }).split(',\n  '),
    ).toEqual([
      "region = COALESCE(NULLIF(EXCLUDED.region, ''), t.region)",
      'seen_at = COALESCE(EXCLUDED.seen_at, t.seen_at)',
      'took_ms = COALESCE(EXCLUDED.took_ms, t.took_ms)',
      'spent = GREATEST(EXCLUDED.spent, t.spent)',
      'attributes = t.attributes || EXCLUDED.attributes',
    ]);
  });

  it('gives the list of a SELECT that reads records', () => {
    expect(readColumns(FIELDS, { thing_id: 'p.thing_id' })).toBe(
      'p.thing_id AS thing_id, region AS region, (extract(epoch FROM seen_at) * 1000)::float8 AS seen_ts, ' +
        'took_ms AS took_ms, spent::float8 AS spent, attributes AS attributes',
    );
  });
});
