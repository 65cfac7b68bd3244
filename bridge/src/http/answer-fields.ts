import { z } from 'zod';

/**
 * An object with exactly the fields of the protocol's type `T`; the compiler refuses one too many or too few. `name` is
 * what the OpenAPI document calls it.
 */
export const object = <T>(name: string, shape: { [K in keyof T]-?: z.ZodType<T[K]> }) =>
  z.strictObject(shape).meta({ id: name });

export const text = z.string();
export const textOrNull = z.string().nullable();
export const number = z.number();
export const numberOrNull = z.number().nullable();
export const whole = z.int().min(0);
export const ts = z.number().meta({ description: 'Epoch milliseconds with a µs fraction' });
export const tsOrNull = ts.nullable();

export const nextCursor = textOrNull.meta({
  description: 'Give it back as `cursor` for what follows; null: nothing does',
});
