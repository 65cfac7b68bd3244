import { PROTOCOL_VERSION } from '@flow-tracking/protocol';
import type { Endpoints } from '../http/endpoint';
import { health, readiness } from './checks-answers';
import { isReady, type Readiness } from './readiness';

/** What `/readyz` asks of everything the bridge needs; an entry is the reason it is not ready, or undefined. */
export interface HealthOptions {
  checkReadiness: () => Promise<Readiness>;
  /** What keeps history from being whole; it is said, and changes no status. */
  historyProblem: () => string | undefined;
  /** Whether the bridge is about to end. */
  isStopping: () => boolean;
}

/** `/healthz`: the process lives, and which protocol it speaks. `/readyz`: it can do its work. Both open, and tell nothing about flows. */
export function mountHealth(endpoints: Endpoints, { checkReadiness, historyProblem, isStopping }: HealthOptions): void {
  endpoints.mount(
    {
      method: 'get',
      path: '/healthz',
      summary: 'The process lives, and which protocol it speaks',
      isOpen: true,
      answer: health,
    },
    () => ({ status: 'ok' as const, protocol: PROTOCOL_VERSION }),
  );
  endpoints.mount(
    {
      method: 'get',
      path: '/readyz',
      summary:
        'Whether Redis and Postgres can be reached and it is not stopping; 503 with the same answer when not. `history` says which partitions fail',
      isOpen: true,
      answer: readiness,
      unavailable: true,
    },
    async ({ res }) => {
      const servers = await checkReadiness();
      const status = isStopping()
        ? ('stopping' as const)
        : isReady(servers)
          ? ('ok' as const)
          : ('unavailable' as const);
      res.status(status === 'ok' ? 200 : 503);
      const all = [...Object.entries(servers), ['history', historyProblem()] as const];
      const checks = Object.fromEntries(all.map(([name, reason]) => [name, reason ?? 'ok']));
      return { status, checks };
    },
  );
}
