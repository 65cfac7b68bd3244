/**
 * Returns a function that gives `object[key]`, of use where objects of unlike shapes (see own-property.ts) inherit it
 * from far up: V8 then goes up all their prototypes by its slow runtime each time, for a µs, and here it is looked up
 * once for all objects of the same prototype. What an object has itself goes before what it inherits, as ever; what is
 * put between them and where it was found, after that, is not seen.
 */
export function createInheritedReader<K extends string>(key: K): <T extends Record<K, unknown>>(object: T) => T[K] {
  let latest: object | null | undefined;
  let found: PropertyDescriptor | undefined;
  return <T extends Record<K, unknown>>(object: T): T[K] => {
    if (Object.hasOwn(object, key)) return object[key];
    const prototype = Object.getPrototypeOf(object) as object | null;
    if (prototype !== latest) {
      latest = prototype;
      found = descriptorOf(prototype, key);
    }
    return (found?.get === undefined ? found?.value : found.get.call(object)) as T[K];
  };
}

function descriptorOf(prototype: object | null, key: string): PropertyDescriptor | undefined {
  for (let holder = prototype; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}
