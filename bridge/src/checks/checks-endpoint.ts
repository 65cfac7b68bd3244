import type { Endpoints } from '../http/endpoint';
import { checkList } from './checks-answers';
import { checksQuery } from './checks-inputs';
import type { RunChecks } from './run-checks';

export interface ChecksOptions {
  runChecks: RunChecks;
}

/** Takes a control token and counts as a change, since it sends a flow. */
export const CHECKS_PATH = '/api/v1/checks';

/** Whether flows get from an application to a viewer, and what to do where they do not. */
export function mountChecks(endpoints: Endpoints, { runChecks }: ChecksOptions): void {
  endpoints.mount(
    {
      method: 'get',
      path: CHECKS_PATH,
      summary: 'Looks at everything that a flow passes, and sends one through it; each check says what to do',
      isControl: true,
      query: checksQuery,
      answer: checkList,
      errors: ['busy'],
    },
    ({ query: { user, keep_flow } }) => runChecks({ user, keepFlow: keep_flow }),
  );
}
