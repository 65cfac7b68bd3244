/** What went wrong, of whatever was thrown: a failed request carries the server's own words. */
export function messageOf(error: unknown): string {
  const { data, message } = (error ?? {}) as { data?: { message?: unknown }; message?: unknown };
  const told = [data?.message, message].find((text) => typeof text === 'string' && text !== '');
  return typeof told === 'string' ? told : String(error);
}
