import { CALL_ATTRIBUTES } from './call-facts';

/** SQL of the attributes of `checkpoints AS alias` that tell of a call, and of no others: those may be large. */
export function callAttributes(alias: string): string {
  const pairs = CALL_ATTRIBUTES.map((name) => `'${name}', ${alias}.attributes -> '${name}'`);
  return `jsonb_strip_nulls(jsonb_build_object(${pairs.join(', ')}))`;
}
