import { onlyDatasource } from './only-datasource';

const target = (uid?: string, hide = false) => ({
  refId: 'A',
  hide,
  ...(uid === undefined ? {} : { datasource: { uid } }),
});

describe('onlyDatasource', () => {
  it('is the one that all queries ask', () => {
    expect(onlyDatasource([target('a')])).toBe('a');
    expect(onlyDatasource([target('a'), target('a')])).toBe('a');
  });

  it('takes no notice of a hidden query', () => {
    expect(onlyDatasource([target('a'), target('b', true)])).toBe('a');
  });

  it('is nobody where two are asked, or none', () => {
    expect(onlyDatasource([target('a'), target('b')])).toBeNull();
    expect(onlyDatasource([target()])).toBeNull();
    expect(onlyDatasource([])).toBeNull();
  });
});
