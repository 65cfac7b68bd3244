import { faultOf } from './pool';

const withCode = (code: string): Error => Object.assign(new Error('refused'), { code });

describe('faultOf', () => {
  it.each([
    ['21000', 'data'],
    ['22P02', 'data'],
    ['23514', 'data'],
    ['54000', 'data'],
    ['P0001', 'data'],
    ['57014', 'slow'],
    ['55P03', 'locked'],
    ['40P01', 'locked'],
    ['53100', 'server'],
    ['58030', 'server'],
    ['57P01', 'unclear'],
    ['XX000', 'unclear'],
    ['42P01', 'unclear'],
    ['ECONNRESET', 'unclear'],
  ])('tells of SQLSTATE or errno %s: %s', (code, fault) => {
    expect(faultOf(withCode(code))).toBe(fault);
  });

  it('tells of errors without a code', () => {
    expect(faultOf(new RangeError('Maximum call stack size exceeded'))).toBe('data');
    expect(faultOf(new Error('Query read timeout'))).toBe('slow');
    expect(faultOf(new Error('Connection terminated unexpectedly'))).toBe('unclear');
    expect(faultOf(null)).toBe('unclear');
  });
});
