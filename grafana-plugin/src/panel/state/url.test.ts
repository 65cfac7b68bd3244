import { formatLink, parseLink } from './url';

const query = (parameters: Record<string, string | null>): URLSearchParams =>
  new URLSearchParams(Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== null));

describe('the link of a panel', () => {
  it.each([
    { flowId: null, nodeId: null, view: null, compareId: null },
    { flowId: null, nodeId: null, view: 'timeline', compareId: null },
    { flowId: '01K0ABCDEFGHJKMNPQRSTVWXYZ', nodeId: '7', view: null, compareId: null },
    { flowId: '#h?x&y=1', nodeId: ' lead', view: 'outline', compareId: '&b' },
  ] as const)('is read back as it was written: %j', (link) => {
    expect(parseLink(new URLSearchParams(query(formatLink(link, 3)).toString()), 3)).toEqual(link);
  });

  it('is of one panel alone', () => {
    const parameters = query(formatLink({ flowId: 'a', nodeId: '1', view: 'tree', compareId: 'b' }, 3));
    expect(parseLink(parameters, 4)).toEqual({ flowId: null, nodeId: null, view: null, compareId: null });
  });

  it('names no node and no other flow while no flow is named, and takes away what is not to be there', () => {
    expect(formatLink({ flowId: null, nodeId: '1', view: null, compareId: 'b' }, 3)).toEqual({
      'fp-3-flow': null,
      'fp-3-node': null,
      'fp-3-view': null,
      'fp-3-compare': null,
    });
    expect(parseLink(new URLSearchParams('fp-3-node=1'), 3).nodeId).toBeNull();
  });

  it('leaves out what it can not mean', () => {
    const link = parseLink(new URLSearchParams(`fp-3-flow=${'x'.repeat(600)}&fp-3-view=pie`), 3);
    expect(link).toEqual({ flowId: null, nodeId: null, view: null, compareId: null });
  });
});
