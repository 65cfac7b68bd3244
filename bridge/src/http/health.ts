import type { Endpoints } from './endpoint';
import { health, readiness } from './schemas/answers';

/** What `/readyz` asks of everything the bridge needs; an entry is the reason it is not ready, or undefined. */
export interface HealthOptions {
  checkReadiness: () => Promise<Record<string, string | undefined>>;
}

/** `/healthz`: the process lives. `/readyz`: it can do its work. Both open, and tell nothing about flows. */
export function mountHealth(endpoints: Endpoints, { checkReadiness }: HealthOptions): void {
  endpoints.mount(
    { method: 'get', path: '/healthz', summary: 'The process lives', isOpen: true, answer: health },
    () => ({ status: 'ok' as const }),
  );
  endpoints.mount(
    {
      method: 'get',
      path: '/readyz',
      summary: 'Whether Redis and Postgres can be reached; 503 with the same answer when not',
      isOpen: true,
      answer: readiness,
      unavailable: true,
    },
    async ({ res }) => {
      const reasons = Object.entries(await checkReadiness());
      const ready = reasons.every(([, reason]) => reason === undefined);
      res.status(ready ? 200 : 503);
      const checks = Object.fromEntries(reasons.map(([name, reason]) => [name, reason ?? 'ok']));
      return { status: ready ? ('ok' as const) : ('unavailable' as const), checks };
    },
  );
}
