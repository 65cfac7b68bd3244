type Variables = Readonly<Record<string, string | undefined>>;

// In this order: an escaped dollar, ${NAME}, $NAME.
const PATTERN = /\$\$|\$\{(\w+)\}|\$([A-Za-z_]\w*)/g;

/**
 * Expands `$NAME` and `${NAME}` in every string of a parsed provisioning file; `$$` is a dollar, an unknown name is empty.
 * Format: https://grafana.com/docs/grafana/latest/administration/provisioning/#use-environment-variables
 */
export function expandVariables<T>(value: T, variables: Variables): T {
  return expand(value, variables) as T;
}

function expand(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') return expandText(value, variables);
  if (Array.isArray(value)) return value.map((item) => expand(item, variables));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expand(item, variables)]));
  }
  return value;
}

function expandText(text: string, variables: Variables): string {
  return text.replace(PATTERN, (match, braced?: string, plain?: string) =>
    match === '$$' ? '$' : (variables[braced ?? plain ?? ''] ?? ''),
  );
}
