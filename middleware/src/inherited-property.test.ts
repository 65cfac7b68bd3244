import { createInheritedReader } from './inherited-property';

class Base {
  constructor(private readonly name: string) {}
  get key(): unknown {
    return `getter of ${this.name}`;
  }
}
class Derived extends Base {}
class Other {
  readonly other = true;
  declare key: unknown;
}
Other.prototype.key = 'value';

describe('createInheritedReader', () => {
  it('gives what object[key] gives, for objects of several prototypes in turn', () => {
    const read = createInheritedReader('key');
    const own = Object.defineProperty(new Derived('c'), 'key', { value: 'own' });
    const missing = Object.create(null) as { key: unknown };
    const objects = [new Derived('a'), new Other(), new Derived('b'), own, missing, new Base('d')];
    expect(objects.map((object) => read(object))).toEqual(objects.map((object) => object.key));
    expect(read(new Derived('a'))).toBe('getter of a');
    expect(read(own)).toBe('own');
  });
});
