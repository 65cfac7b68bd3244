import { groupAttributes } from './attribute-groups';
import { nameOf } from './attribute-names';

const shown = (attributes: Parameters<typeof groupAttributes>[0], left: readonly string[] = []) =>
  groupAttributes(attributes, new Set(left)).map(({ group, attributes: own }) => [
    group,
    ...own.map(({ label }) => label),
  ]);

describe('groupAttributes', () => {
  it('says known names in words, in their own order and group', () => {
    const attributes = {
      'gen_ai.usage.output_tokens': 812,
      'my.own': 1,
      'gen_ai.response.model': 'b',
      'gen_ai.usage.input_tokens': 3,
      'gen_ai.request.model': 'a',
      'http.route': '/ask',
    };
    expect(shown(attributes)).toEqual([
      ['model', 'Model asked for', 'Model that answered'],
      ['usage', 'Input tokens', 'Output tokens'],
      ['request', 'Route'],
      ['other', 'my.own'],
    ]);
  });

  it('says an old name as the new one', () => {
    expect(nameOf('gen_ai.usage.prompt_tokens').label).toBe(nameOf('gen_ai.usage.input_tokens').label);
    expect(nameOf('gen_ai.usage.cache_creation.input_tokens').label).toBe(
      nameOf('gen_ai.usage.cache_write.input_tokens').label,
    );
    expect(nameOf('gen_ai.system').label).toBe(nameOf('gen_ai.provider.name').label);
  });

  it('keeps unknown names as they are, as they were recorded, in the group of their family', () => {
    const attributes = { 'gen_ai.usage.new_kind_tokens': 1, zeta: 1, alpha: 1 };
    expect(shown(attributes)).toEqual([
      ['usage', 'gen_ai.usage.new_kind_tokens'],
      ['other', 'zeta', 'alpha'],
    ]);
  });

  it('leaves out what is shown elsewhere, and groups without attributes', () => {
    expect(shown({ prompt: 'hi', zeta: 1 }, ['prompt'])).toEqual([['other', 'zeta']]);
    expect(shown({ prompt: 'hi' }, ['prompt'])).toEqual([]);
    expect(shown({})).toEqual([]);
  });

  it('is not led astray by names of Object', () => {
    expect(shown({ constructor: 1, toString: 2 })).toEqual([['other', 'constructor', 'toString']]);
  });
});

describe('nameOf', () => {
  it.each([
    ['wait_ms', 'ms'],
    ['cache.ttl_seconds', 's'],
    ['payload.bytes', 'bytes'],
    ['price_usd', 'usd'],
    ['order_id', 'id'],
    ['orderId', 'id'],
    ['id', 'id'],
    ['net.port', 'id'],
    ['items', undefined],
    ['paid', undefined],
  ])('reads %s as counted in %s', (name, unit) => {
    expect(nameOf(name).unit).toBe(unit);
  });
});
