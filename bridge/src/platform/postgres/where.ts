/** Collects conditions of a query and their parameters, so that every value is bound and none is spelled in SQL. */
export interface Where {
  /** Binds a value; returns its placeholder. */
  bind: (value: unknown) => string;
  /** Binds a moment given in epoch ms; returns an expression of type timestamptz. */
  bindTime: (ts: number) => string;
  and: (condition: string) => void;
  /** `WHERE …`, or nothing when there are no conditions. */
  readonly sql: string;
  readonly values: unknown[];
}

export function createWhere(): Where {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  return {
    bind,
    bindTime: (ts) => `to_timestamp(${bind(ts)}::float8 / 1000.0)`,
    and: (condition) => void conditions.push(condition),
    get sql() {
      return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    },
    values,
  };
}
