import type { TemplateSrv } from '@grafana/runtime';
import { migrateQuery } from './migrate-query';
import { readIds } from './read-ids';
import { targetOf, targetText, unusableId } from './target';
import type { FlowQuery } from './types';

interface Variable {
  value: string | string[];
  type?: string;
  query?: string;
  regex?: string;
  isAll?: boolean;
}

/** Fills in variables as Grafana does: a function gets their values, `queryparam` is what stands in the URL. */
function templatesOf(variables: Record<string, Variable>): Parameters<typeof readIds>[2] {
  return {
    replace: (text = '', _scopedVars, format) =>
      text.replace(/\$(\w+)|\$\{(\w+)(?::(\w+))?\}/g, (match, plain: string, braced: string, ownFormat?: string) => {
        const name = plain ?? braced;
        const variable = variables[name];
        if (variable === undefined) return match;
        const { value, isAll } = variable;
        if (ownFormat === 'queryparam') return isAll ? `var-${name}=$__all` : `var-${name}=${String(value)}`;
        if (typeof format !== 'function') return `{${String(value)}}`;
        return (format as (value: unknown, variable: { name: string }) => string)(value, { name });
      }),
    getVariables: () =>
      Object.entries(variables).map(([name, { type = 'query', query, regex }]) => ({
        name,
        type,
        query,
        regex,
      })) as unknown as ReturnType<TemplateSrv['getVariables']>,
  };
}

const ids = (text: string, variables: Record<string, Variable> = {}) => readIds(text, {}, templatesOf(variables)).ids;

describe('readIds', () => {
  it('gives each value of a variable as an id of its own', () => {
    expect(ids('$user', { user: { value: ['123', '456', '123'] } })).toEqual(['123', '456']);
    expect(ids('${user}', { user: { value: ['a,b', '{c,d}'] } })).toEqual(['a,b', '{c,d}']);
    expect(ids('team-$user', { user: { value: ['1', '2'] } })).toEqual(['team-1', 'team-2']);
    expect(ids('$a:$b', { a: { value: ['1', '2'] }, b: { value: 'x' } })).toEqual(['1:x', '2:x']);
  });

  it.each([
    ' lead',
    'trail ',
    '.',
    '..',
    '#h?x&y=1',
    'a/b',
    '100%',
    'a+b',
    '"q"',
    '🙂',
    '{a,b}',
    '$x',
    '__all',
    '\\n',
    ' ',
  ])('takes %j as it is, typed or from a variable', (id) => {
    expect(ids('$user', { user: { value: id } })).toEqual([id]);
    expect(ids(id)).toEqual([id]);
  });

  it.each([
    ['an empty text', '', {}],
    ['a variable without a value', '$user', { user: { value: '' } }],
    ['a variable with no values', '$user', { user: { value: [] } }],
    ['"All" of nothing', '$user', { user: { value: [], isAll: true } }],
    ['empty values only', '$user', { user: { value: ['', ''] } }],
  ])('gives nothing for %s', (_what, text, variables) => {
    expect(readIds(text, {}, templatesOf(variables))).toEqual({ ids: [], all: false });
  });

  it('takes "All" for everyone only of a variable that lists every user', () => {
    const all = (variable: Partial<Variable>, text = '$user') =>
      readIds(text, {}, templatesOf({ user: { value: ['1', '2'], isAll: true, ...variable } }));
    expect(all({ query: ' users() ' }).all).toBe(true);
    expect(all({ query: 'users()', isAll: false }).all).toBe(false);
    expect(all({ query: 'users()', regex: '/^1/' })).toEqual({ ids: ['1', '2'], all: false });
    expect(all({ type: 'custom', query: '1,2' })).toEqual({ ids: ['1', '2'], all: false });
    expect(all({ query: 'users()' }, 'x-$user')).toEqual({ ids: ['x-1', 'x-2'], all: false });
  });

  it('reads so many at most', () => {
    const many = Array.from({ length: 900 }, (_, i) => String(i));
    expect(ids('$a$b', { a: { value: many }, b: { value: many } })).toHaveLength(1_000);
  });
});

describe('migrateQuery', () => {
  it.each<[FlowQuery, string]>([
    [{ refId: 'A' }, 'live everyone'],
    [{ refId: 'A', queryType: 'live', user: '' }, 'live everyone'],
    [{ refId: 'A', queryType: 'live', user: '*' }, 'live everyone'],
    [{ refId: 'A', queryType: 'live', user: '$user', session: '$session' }, 'live user'],
    [{ refId: 'A', queryType: 'history' }, 'history everyone'],
    [{ refId: 'A', queryType: 'history', user: '$user' }, 'history user'],
    [{ refId: 'A', queryType: 'history', user: '$user', session: '$session' }, 'session session'],
    [{ refId: 'A', queryType: 'history', flow: 'f', session: '$session' }, 'flow flow'],
    [{ refId: 'A', queryType: 'flow', select: 'user', user: '$user' }, 'flow flow'],
    [{ refId: 'A', queryType: 'later' as 'live' }, 'flow flow'],
    [{ refId: 'A', queryType: 'history', session: ' ' }, 'history everyone'],
    [{ refId: 'A', queryType: 'history', select: 'user', session: '$session' }, 'history user'],
    [{ refId: 'A', queryType: 'live', select: 'session', session: '$session' }, 'live user'],
  ])('makes %j explicit', (query, expected) => {
    const { queryType, select } = migrateQuery(query);
    expect(`${queryType} ${select}`).toBe(expected);
    expect(migrateQuery(migrateQuery(query))).toEqual(migrateQuery(query));
  });
});

describe('targetOf', () => {
  const target = (query: Partial<FlowQuery>, variables: Record<string, Variable> = {}) =>
    targetOf({ refId: 'A', ...query }, (text) => readIds(text, {}, templatesOf(variables)));
  const everyone = { select: 'everyone', ids: [] };

  it('names nobody when what it selects by is empty, and never everyone', () => {
    const empty = { user: { value: '' }, session: { value: '' } };
    expect(target({ select: 'user', user: '$user' }, empty)).toEqual({ select: 'user', ids: [] });
    expect(target({ select: 'user' })).toEqual({ select: 'user', ids: [] });
    expect(target({ queryType: 'history', session: '$session', user: '$user' }, empty)).toEqual({
      select: 'session',
      ids: [],
    });
    expect(target({ select: 'user', user: '$user' })).toEqual({ select: 'user', ids: ['$user'] });
  });

  it('names everyone only when someone says so', () => {
    expect(target({ select: 'everyone', user: 'left over' })).toEqual(everyone);
    expect(target({ select: 'user', user: '*' })).toEqual(everyone);
    expect(target({ select: 'user', user: '$user' }, { user: { value: [], query: 'users()', isAll: true } })).toEqual(
      everyone,
    );
    expect(target({ queryType: 'history', select: 'session', session: '*' })).toEqual({
      select: 'session',
      ids: ['*'],
    });
  });

  it('tells an id that can not be', () => {
    expect(unusableId({ select: 'user', ids: ['ü'.repeat(127)] })).toBeNull();
    expect(unusableId({ select: 'user', ids: ['a', 'ü'.repeat(128)] })).toMatch(/256 bytes; an id has at most 255/);
    expect(unusableId({ select: 'session', ids: ['a\0b'] })).toMatch(/NUL/);
  });

  it('reads in one line', () => {
    expect(targetText({ refId: 'A' })).toBe('Live flows of every monitored user');
    expect(targetText({ refId: 'A', select: 'user', user: '' })).toBe('Live flows of no user');
    expect(targetText({ refId: 'A', queryType: 'history', session: 's1' })).toBe('Session s1');
    expect(targetText({ refId: 'A', queryType: 'history', flow: 'f1', session: 's1' })).toBe('Flow f1');
    expect(targetText({ refId: 'A', queryType: 'history' })).toBe('Latest flows of all users');
  });
});
